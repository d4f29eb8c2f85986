import { type Html, html } from '../html.ts';

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
