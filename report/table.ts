import { COMMAND_NAME } from '../contract/command-name.ts';
import { counted } from './format.ts';
import { type Html, html, userText } from './html.ts';

/** A table's column: its head, and how a line is shown in it. */
export interface TableColumn<Line> {
  readonly head: string;
  readonly cell: (line: Line) => Html | string;
  /** Figures stand to the right, under each other. */
  readonly isNumber?: boolean;
  /** Names the line: read out with each of its cells. */
  readonly isHead?: boolean;
}

export interface TableContent<Line> {
  /** What the table holds; read out, not seen. */
  readonly caption: string;
  readonly columns: readonly TableColumn<Line>[];
  readonly lines: readonly Line[];
}

/** A cell for a proficiency: its value, and less loudly its attribute. */
export const proficiency = (line: {
  readonly attribute_name: string;
  readonly attribute_value: string;
}): Html => html`${userText(line.attribute_value)} <small>${userText(line.attribute_name)}</small>`;

/** More lines than this make a file too large to open with ease. */
const MOST_LINES = 1000;

const classOf = ({ isNumber }: { readonly isNumber?: boolean }): Html =>
  isNumber ? html` class="number"` : html``;

function cellOf<Line>(column: TableColumn<Line>, line: Line): Html {
  const content = column.cell(line);
  return column.isHead
    ? html`<th scope="row"${classOf(column)}>${content}</th>`
    : html`<td${classOf(column)}>${content}</td>`;
}

/** A table; where it is wider than the page it moves on its own. */
export const table = <Line>({ caption, columns, lines }: TableContent<Line>): Html => html`
<div class="table" role="region" tabindex="0" aria-label="${caption}">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${classOf(column)}>${column.head}</th>`)}</tr></thead>
<tbody>
${lines.map((line) => html`<tr>${columns.map((column) => cellOf(column, line))}</tr>\n`)}</tbody>
</table>
</div>`;

const leftOut = (count: number, query: string): Html =>
  count <= 0
    ? html``
    : html`<p class="note">${counted(count, 'more line')}: <code>npx ${COMMAND_NAME} query ${query}</code></p>`;

/** A table that is opened by a click. */
export const foldedTable = <Line>(
  summary: string,
  content: TableContent<Line>,
  query: string,
): Html => html`
<details><summary>${summary}</summary>
${table({ ...content, lines: content.lines.slice(0, MOST_LINES) })}
${leftOut(content.lines.length - MOST_LINES, query)}
</details>`;

/** A table whose first lines are seen at once, and the others after a click. */
export function longTable<Line>(content: TableContent<Line>, shown: number, query: string): Html {
  const others = content.lines.slice(shown);
  const first = table({ ...content, lines: content.lines.slice(0, shown) });
  if (others.length === 0) return first;
  const rest = { ...content, caption: `${content.caption}, continued`, lines: others };
  return html`${first}${foldedTable(`${counted(others.length, 'more line')}`, rest, query)}`;
}
