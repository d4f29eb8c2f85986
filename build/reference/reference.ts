import type { ApiPackage } from '@microsoft/api-extractor-model';
import type { Entry, Extracts } from '../declarations.ts';
import { commentOf } from './comment.ts';
import { describeConstruct } from './construct.ts';
import { describeContract } from './contract.ts';

const HEAD = `# API

What \`connect-proficiency-exporter\` offers other programs. \`npm run api\` writes this page from the comments in the sources; change those.

- [The construct](#the-construct): \`import { … } from 'connect-proficiency-exporter'\`
- [The contract](#the-contract): \`import { … } from 'connect-proficiency-exporter/contract'\``;

const exportsOf = ({ entryPoints }: ApiPackage): ApiPackage['members'] =>
  entryPoints.flatMap(({ members }) => members);

/** @returns the text of `API.md` */
export function referenceOf({ index, contract }: Readonly<Record<Entry, Extracts>>): string {
  const paragraphs = [
    HEAD,
    '## The construct',
    commentOf(index.model).text,
    ...describeConstruct(exportsOf(index.model)),
    '## The contract',
    commentOf(contract.model).text,
    ...describeContract(exportsOf(contract.model)),
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}
