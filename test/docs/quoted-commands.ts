import { DOCUMENTS, type Document } from './markdown.ts';

/** A command that a document tells its reader to run. */
export interface QuotedCommand {
  readonly document: string;
  readonly line: string;
}

const FIRST_WORDS = /^(npx|npm|aws|cdk|export|git|pip) /;

/** `npm ci && npm start` are two. */
const single = (line: string): string[] => line.split('&&').map((command) => command.trim());

/** Decisions explain commands; they do not tell anybody to run them. */
const instructs = ({ path }: Document): boolean => !path.startsWith('docs/adr/');

/** All commands of all documents: whole lines of shell blocks, and what stands in a line of text. */
export const QUOTED_COMMANDS: readonly QuotedCommand[] = DOCUMENTS.filter(instructs).flatMap(
  ({ path, fences, spans }) =>
    [
      ...fences
        .filter(({ language }) => language === 'sh')
        .flatMap(({ text }) => text.trim().split('\n')),
      ...spans.filter((span) => FIRST_WORDS.test(span)),
    ]
      .flatMap(single)
      .map((line) => ({ document: path, line })),
);
