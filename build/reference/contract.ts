import {
  ApiFunction,
  type ApiItem,
  ApiTypeAlias,
  ApiVariable,
} from '@microsoft/api-extractor-model';
import * as z from 'zod';
import { ATTRIBUTE_COLUMNS } from '../../contract/attribute.ts';
import { CHANGE_COLUMNS } from '../../contract/change.ts';
import { MANIFEST_COLUMNS } from '../../contract/manifest.ts';
import { type Column, ROW_COLUMNS } from '../../contract/row.ts';
import * as contract from '../../package/contract.ts';
import { commentOf } from './comment.ts';
import { type Field, fieldsOf } from './fields.ts';
import { code, table } from './markdown.ts';

/** What the fields mean, where they are columns of a table too. */
const COLUMNS: Readonly<Record<string, Readonly<Record<string, Column>>>> = {
  rowSchema: ROW_COLUMNS,
  manifestSchema: MANIFEST_COLUMNS,
  changeSchema: CHANGE_COLUMNS,
  attributeSchema: ATTRIBUTE_COLUMNS,
};

const EXPORTED: Readonly<Record<string, unknown>> = contract;

const nameOf = ({ name, isOptional }: Field): string =>
  isOptional ? `${code(name)} (may be absent)` : code(name);

function describeSchema(item: ApiVariable, schema: z.core.$ZodType): string[] {
  const columns = COLUMNS[item.displayName];
  const rows = fieldsOf(schema).map((field) => [
    nameOf(field),
    code(field.type),
    ...(columns ? [columns[field.name]?.comment ?? ''] : []),
  ]);
  return [
    `### ${item.displayName}`,
    commentOf(item).text,
    ...table(['field', 'type', ...(columns ? ['meaning'] : [])], rows),
  ];
}

/** What a constant is worth, or how a function is called. */
const isWhat = (item: ApiFunction | ApiVariable): string =>
  item instanceof ApiFunction
    ? item.excerpt.text.replace(/^.*?: |;$/g, '')
    : item.excerpt.text.replace(/^.*? = |;$/g, '');

type Kind = ApiFunction | ApiTypeAlias | ApiVariable;

const isDescribed = (item: ApiItem): item is Kind =>
  item instanceof ApiFunction || item instanceof ApiTypeAlias || item instanceof ApiVariable;

const rowOf = (item: Kind, is: string): string[] => [
  code(item.displayName),
  code(is),
  commentOf(item).text,
];

/** What programs that read the files can import, as paragraphs. */
export function describeContract(exported: readonly ApiItem[]): string[] {
  const schemas: string[] = [];
  const types: string[][] = [];
  const keys: string[][] = [];
  for (const item of exported) {
    const value = EXPORTED[item.displayName];
    if (!isDescribed(item)) throw new Error(`The reference cannot describe ${item.displayName}.`);
    if (item instanceof ApiTypeAlias) types.push(rowOf(item, item.typeExcerpt.text));
    else if (item instanceof ApiVariable && value instanceof z.core.$ZodType)
      schemas.push(...describeSchema(item, value));
    else keys.push(rowOf(item, isWhat(item)));
  }
  return [
    ...schemas,
    '### Types',
    ...table(['type', 'is', 'meaning'], types),
    '### Keys and names',
    ...table(['name', 'is', 'meaning'], keys),
  ];
}
