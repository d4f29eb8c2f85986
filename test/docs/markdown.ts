import { readdirSync, readFileSync } from 'node:fs';

/** A fenced block of a document. */
interface Fence {
  /** What stands after the backticks: `sh`, `json` … */
  readonly language: string;
  /** Without the indentation of the list it may stand in. */
  readonly text: string;
}

/** A Markdown document of this repository, taken apart as far as tests need it. */
export interface Document {
  /** Path from the root. */
  readonly path: string;
  readonly anchors: readonly string[];
  /** Targets of links and images, as written. */
  readonly links: readonly string[];
  readonly fences: readonly Fence[];
  /** Code within a line. */
  readonly spans: readonly string[];
}

const FENCE = /^(?<indent> *)```(?<language>\w*)\n(?<text>.*?)^ *```$/gms;
const HEADING = /^#+ (.+)$/gm;
const SPAN = /(?<!`)`([^`\n]+)`(?!`)/g;
const LINK = /\]\(([^)\s]+)\)/g;

/** As GitHub makes an anchor of a heading: lower case, punctuation away, hyphens for blanks. */
export const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** A heading that comes again has a number behind its anchor. */
function anchorsOf(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(HEADING)].map(([, heading = '']) => {
    const anchor = anchorOf(heading);
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

function fencesOf(text: string): Fence[] {
  return [...text.matchAll(FENCE)].map(({ groups = {} }) => ({
    language: groups.language ?? '',
    text: (groups.text ?? '').replaceAll(new RegExp(`^ {${groups.indent?.length ?? 0}}`, 'gm'), ''),
  }));
}

export function parseDocument(path: string, text: string): Document {
  const prose = text.replaceAll(FENCE, '');
  return {
    path,
    anchors: anchorsOf(prose),
    links: [...prose.replaceAll(SPAN, '').matchAll(LINK)].map(([, target = '']) => target),
    fences: fencesOf(text),
    spans: [...prose.matchAll(SPAN)].map(([, code = '']) => code),
  };
}

/** All documents of the repository. */
export const DOCUMENTS: readonly Document[] = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].map((path) => parseDocument(path, readFileSync(path, 'utf8')));

/** @throws Error where there is no such document */
export function documentAt(path: string): Document {
  const found = DOCUMENTS.find((document) => document.path === path);
  if (!found) throw new Error(`There is no document ${path}.`);
  return found;
}

/** The rows of the table below a heading, each as its cells; the head and the line below it left out. */
export function tableBelow(text: string, heading: string): string[][] {
  const [section = ''] = text.split(`# ${heading}\n`)[1]?.split(/^#+ /m) ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
