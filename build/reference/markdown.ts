/** A line break within a paragraph of the source means nothing. */
const inOneLine = (text: string): string => text.replaceAll(/ *\n */g, ' ');

/** Paragraphs as a cell of a table can hold them. */
const cell = (text: string): string =>
  text.split(/\n\n+/).map(inOneLine).join('<br><br>').replaceAll('|', '\\|');

/** A table; nothing where it would have no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [[line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')];
}

export const code = (text: string): string => `\`${text}\``;

export const fenced = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;
