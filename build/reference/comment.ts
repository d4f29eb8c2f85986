import { ApiDocumentedItem, type ApiItem } from '@microsoft/api-extractor-model';
import { type DocBlock, DocExcerpt, type DocNode } from '@microsoft/tsdoc';

/** What the comment of something says, in Markdown as it was written. */
export interface Told {
  /** Empty where there is no comment. */
  readonly text: string;
  /** What follows `@default`. */
  readonly byDefault?: string;
  /** What follows `@throws`. */
  readonly throws: readonly string[];
}

const written = (node: DocNode): string =>
  node instanceof DocExcerpt ? node.content.toString() : node.getChildNodes().map(written).join('');

/** Documents that a comment names are links on a page. */
const linked = (text: string): string =>
  text.replaceAll(/\bdocs\/[\w/-]+\.md\b/g, (document) => `[${document}](${document})`);

const contentOf = (block: DocBlock): string => written(block.content).trim();

export function commentOf(item: ApiItem): Told {
  const comment = item instanceof ApiDocumentedItem ? item.tsdocComment : undefined;
  if (!comment) return { text: '', throws: [] };
  const contents = (tag: string): string[] =>
    comment.customBlocks.filter(({ blockTag }) => blockTag.tagName === tag).map(contentOf);
  const [byDefault] = contents('@default');
  return {
    text: linked(written(comment.summarySection).trim()),
    ...(byDefault !== undefined && { byDefault }),
    throws: contents('@throws'),
  };
}
