import { readFileSync } from 'node:fs';
import { drawArchitecture } from '../../docs/architecture.draw.ts';

const source = readFileSync('docs/architecture.json', 'utf8');
const picture = readFileSync('docs/architecture.svg', 'utf8');

it('the picture is the one that its source describes: npx tsx docs/architecture.ts', () => {
  expect(picture).toBe(drawArchitecture(source));
});

it('needs nothing from elsewhere, and knows light and dark', () => {
  expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
    /https?:|url\((?!#)|@import/,
  );
  expect(picture).toContain('prefers-color-scheme: dark');
});

it('refuses an arrow to nowhere', () => {
  expect(() => drawArchitecture(source.replace('"to": "worker"', '"to": "nobody"'))).toThrow(
    'An arrow names the box "nobody", but no box has this id.',
  );
});

it('draws text as text', () => {
  const drawn = drawArchitecture(source.replace('"invokes"', '"<b> & more"'));
  expect(drawn).toContain('&lt;b&gt; &amp; more');
});
