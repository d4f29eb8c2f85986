import { counted, number } from '../format.ts';
import { type Html, html, userText } from '../html.ts';

/** A part of an instance's report. */
export interface Section {
  /** Unique within the file. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences: what is seen here. */
  readonly lead: Html | string;
  readonly body: Html;
}

/** A section under its heading. */
export const section = ({ id, title, lead, body }: Section): Html => html`
<section aria-labelledby="${id}">
<h3 id="${id}">${title}</h3>
<p class="lead">${lead}</p>
${body}
</section>`;

/** A chart with its table beside it, or below where the page is narrow. */
export const chartWithTable = (chart: Html, table: Html): Html => html`
<div class="split">
<figure>${chart}</figure>
<div>${table}</div>
</div>`;

/** More rows or more charts than these are a wallpaper, not a picture; the table has them all. */
const MOST_ROWS = 20;
const MOST_CHARTS = 24;

interface OfAttribute {
  readonly attribute_name: string;
}

function byAttribute<Line extends OfAttribute>(
  lines: readonly Line[],
): readonly (readonly [string, readonly Line[]])[] {
  const attributes = new Map<string, Line[]>();
  for (const line of lines) {
    const values = attributes.get(line.attribute_name);
    if (values === undefined) attributes.set(line.attribute_name, [line]);
    else values.push(line);
  }
  return [...attributes];
}

/**
 * A chart for each attribute, side by side.
 *
 * @param lines one for each value
 * @param draw the chart of an attribute's first values
 */
export function chartPerAttribute<Line extends OfAttribute>(
  lines: readonly Line[],
  draw: (attribute: string, shown: readonly Line[]) => Html,
): Html {
  const attributes = byAttribute(lines);
  const figureOf = ([name, values]: (typeof attributes)[number]): Html => {
    const shown = values.slice(0, MOST_ROWS);
    const more = values.length - shown.length;
    return html`
<figure><figcaption>${userText(name)}</figcaption>
${draw(name, shown)}${more > 0 ? html`<p class="note">and ${number(more)} more in the table</p>` : html``}</figure>`;
  };
  const more = attributes.length - MOST_CHARTS;
  return html`
<div class="columns">${attributes.slice(0, MOST_CHARTS).map(figureOf)}</div>
${more > 0 ? html`<p class="note">${counted(more, 'more attribute')} in the table</p>` : html``}`;
}
