/** Markup: what a text becomes once it is escaped. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: text and numbers are escaped, markup is taken as it is, `undefined` is nothing. */
export type Content = string | number | undefined | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that means itself, in an element as in a quoted attribute. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

function toMarkup(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(({ markup }) => markup).join('');
}

/** Writes markup; whatever is put into it is escaped, unless it was written by this function itself. */
export const html = (template: TemplateStringsArray, ...contents: readonly Content[]): Html => ({
  markup: String.raw({ raw: template }, ...contents.map(toMarkup)),
});

/** Takes a text for markup. Only for what this software itself has made and escaped. */
export const trusted = (markup: string): Html => ({ markup });

/** A text of the user's, kept from turning round the text beside it where it runs from right to left. */
export const userText = (text: string): Html => html`<bdi>${text}</bdi>`;
