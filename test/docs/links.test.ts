import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { deployedStack } from '../support/deployed-answers.ts';
import { anchorOf, DOCUMENTS, documentAt, parseDocument } from './markdown.ts';

const isElsewhere = (link: string): boolean => /^https?:\/\//.test(link);

/** Why a link leads nowhere; `undefined` where it does not. */
function problemOf(link: string, from: string): string | undefined {
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(path)) return `${link}: there is no ${path}`;
  if (anchor === undefined) return undefined;
  return documentAt(path).anchors.includes(anchor) ? undefined : `${link}: no such heading`;
}

describe('the reader of Markdown', () => {
  it.each([
    ['A run failed', 'a-run-failed'],
    ['Sandbox.Timedout', 'sandboxtimedout'],
    ['`export` & *import*', 'export--import'],
    ['0.1.0 – 2026-11-23', '010--2026-11-23'],
    ['[Linked](x.md) heading', 'linked-heading'],
  ])('makes the anchor of "%s" as GitHub does', (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor);
  });

  it('sees links and headings in prose alone, numbers those that come again, and unindents code', () => {
    const text =
      '# A\n[b](c.md#d)\n```sh\n# no heading [no](link)\n```\n## A\n  ```\n  x\n  ```\n`[e](f)`';
    expect(parseDocument('x.md', text)).toEqual({
      path: 'x.md',
      anchors: ['a', 'a-1'],
      links: ['c.md#d'],
      fences: [
        { language: 'sh', text: '# no heading [no](link)\n' },
        { language: '', text: 'x\n' },
      ],
      spans: ['[e](f)'],
    });
  });
});

it.each(DOCUMENTS.map(({ path }) => path))('every link in %s leads somewhere', (path) => {
  const links = documentAt(path).links.filter((link) => !isElsewhere(link));
  expect(links.flatMap((link) => problemOf(link, path) ?? [])).toEqual([]);
});

/** A source, a test or a document that is named in a line of text. */
const TREE_PATH = /^(bin|lib|sql|lambda|cli|simulator|bench|release|test|docs)\/[\w./-]*$/;

/** Records of decisions may name what was there before. */
const guides = DOCUMENTS.filter(({ path }) => !path.startsWith('docs/adr/'));

it.each(guides.map(({ path }) => path))('every path that %s names is there', (path) => {
  const named = documentAt(path).spans.filter((span) => TREE_PATH.test(span));
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

it('finds out about links that lead nowhere', () => {
  expect(problemOf('gone.md', 'docs/athena.md')).toBe('gone.md: there is no docs/gone.md');
  expect(problemOf('#gone', 'README.md')).toBe('#gone: no such heading');
});

it('every alarm links to a heading of the runbook', async () => {
  const { Resources } = await deployedStack();
  const alarms = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const links = alarms.map(
    ({ Properties }) => / What to do: (\S+)$/.exec(String(Properties.AlarmDescription))?.[1] ?? '',
  );
  expect(links.length).toBeGreaterThan(4);
  expect(links.flatMap((link) => problemOf(link, 'README.md') ?? [])).toEqual([]);
  expect(links.every((link) => /^docs\/runbook\.md#./.test(link))).toBe(true);
});

it('the sources name only documents that exist', () => {
  const folders = [
    ...['aws', 'bench', 'bin', 'cli', 'contract', 'derive', 'doctor', 'export', 'lambda', 'lib'],
    ...['report', 'simulator', 'sql', 'verify'],
  ];
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  const missing = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bdocs\/[\w/-]+\.md\b/g)]
      .filter(([document]) => !existsSync(document))
      .map(([document]) => `${file}: ${document}`),
  );
  expect(missing).toEqual([]);
});
