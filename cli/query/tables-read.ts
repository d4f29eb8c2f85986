import { TABLES, type TableName } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';
import { tablesOfDoubts } from './doubts.ts';
import type { GivenParameters } from './parameters.ts';
import { withoutComments } from './question.ts';

const names = (sql: string, name: string): boolean => new RegExp(`\\b${name}\\b`, 'i').test(sql);

/**
 * The tables that a statement may read, itself or by way of a view: those that are named anywhere in it but
 * in comments.
 */
export function tablesRead(commented: string): ReadonlySet<TableName> {
  const sql = withoutComments(commented);
  const views = VIEWS.filter((view) => names(sql, view.name));
  const own = TABLES.filter((table) => names(sql, table.name)).map(({ name }) => name);
  return new Set([...own, ...views.flatMap((view) => [...tablesRead(view.sql)])]);
}

/** The tables that an answer needs, with all that is said about it. */
export const tablesNeeded = (sql: string, parameters: GivenParameters): ReadonlySet<TableName> =>
  new Set([...tablesRead(sql), ...tablesOfDoubts(parameters)]);
