import fc from 'fast-check';
import { html, userText } from '../../report/html.ts';

const ENTITIES = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
] as const;

const read = (markup: string): string =>
  ENTITIES.reduce((text, [entity, character]) => text.replaceAll(entity, character), markup);

const text = fc.string({
  unit: fc.constantFrom('<', '>', '"', "'", '&', ';', 'lt', '#39', 'é', '花'),
});

it('writes any text so that it means itself, in elements and in attributes', () => {
  fc.assert(
    fc.property(text, (any) => {
      const { markup } = html`<i title="${any}">${any}</i>`;
      const [, title = '', content = ''] =
        /^<i title="([^"<>']*)">([^"<>']*)<\/i>$/.exec(markup) ?? [];
      expect([read(title), read(content)]).toEqual([any, any]);
    }),
  );
});

it('takes over what it has written itself, alone and in lists, and nothing for nothing', () => {
  const names = ['<a>', 'b'].map(userText);
  expect(html`<p>${names}${undefined}${1.5}</p>`.markup).toBe(
    '<p><bdi>&lt;a&gt;</bdi><bdi>b</bdi>1.5</p>',
  );
});
