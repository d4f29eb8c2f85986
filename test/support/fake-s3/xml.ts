/** Nested elements; a list repeats its element. */
export type Elements = { readonly [name: string]: string | Elements | readonly Elements[] };

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

/** A document of one root element. */
export const xml = (elements: Elements): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${render(elements)}`;

function render(elements: Elements): string {
  return Object.entries(elements)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `<${name}>${content(one)}</${name}>`),
    )
    .join('');
}

const content = (value: string | Elements): string =>
  typeof value === 'string' ? escaped(value) : render(value);

/** The text of the first element with this name, without its quotes if it has some. */
export function textIn(document: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(document)?.[1];
  return text?.replaceAll('&quot;', '"').replaceAll('"', '');
}

/** Every element with this name, its tags included. */
export const elementsIn = (document: string, name: string): readonly string[] =>
  document.match(new RegExp(`<${name}>.*?</${name}>`, 'gs')) ?? [];
