import { type GlueClient, type Table as GlueTable, paginateGetTables } from '@aws-sdk/client-glue';
import * as z from 'zod/mini';
import { ask, Unanswered } from '../../aws/ask.ts';
import type { Deployment } from '../../aws/deployment/parts.ts';
import type { Column } from '../../contract/row.ts';
import { TABLES, type Table } from '../../sql/tables.ts';
import { VIEWS, type View } from '../../sql/views.ts';
import { type Check, type Finding, failed, notAsked, ok, warning } from '../check.ts';

async function tablesIn(
  client: GlueClient,
  DatabaseName: string,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, GlueTable>> {
  const tables = new Map<string, GlueTable>();
  for await (const page of paginateGetTables({ client }, { DatabaseName }, { abortSignal })) {
    for (const table of page.TableList ?? []) tables.set(table.Name ?? '', table);
  }
  return tables;
}

const columnsOf = (columns: Readonly<Record<string, Pick<Column, 'type'>>>): string =>
  JSON.stringify(Object.entries(columns).map(([name, { type }]) => [name, type]));

const deployedColumns = ({ StorageDescriptor, PartitionKeys = [] }: GlueTable): string =>
  JSON.stringify(
    [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys].map(({ Name, Type }) => [Name, Type]),
  );

/** Glue keeps the columns that come from an object's key beside the others. */
function isTable(deployed: GlueTable, { columns, partitions }: Table): boolean {
  const inLines = Object.fromEntries(
    Object.entries(columns).filter(([name]) => !(name in partitions)),
  );
  return deployedColumns(deployed) === columnsOf({ ...inLines, ...partitions });
}

const definitionSchema = z.object({ originalSql: z.string() });

/** The statement of a view, as Athena keeps it: encoded, within a comment. */
function statementOf({ ViewOriginalText = '' }: GlueTable): string | undefined {
  const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(ViewOriginalText) ?? [];
  try {
    const json: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
    return z.safeParse(definitionSchema, json).data?.originalSql;
  } catch {
    return undefined;
  }
}

const isView = (deployed: GlueTable, { sql, columns }: View): boolean =>
  statementOf(deployed) === sql && deployedColumns(deployed) === columnsOf(columns);

const DEPLOY = 'npx cdk deploy';

function judged(tables: ReadonlyMap<string, GlueTable>): Finding[] {
  const wanted = [
    ...TABLES.map((table: Table) => ({
      name: table.name,
      fits: (deployed: GlueTable) => isTable(deployed, table),
    })),
    ...VIEWS.map((view) => ({
      name: view.name,
      fits: (deployed: GlueTable) => isView(deployed, view),
    })),
  ];
  const missing = wanted.filter(({ name }) => !tables.has(name)).map(({ name }) => name);
  const others = wanted
    .filter(({ name, fits }) => {
      const deployed = tables.get(name);
      return deployed !== undefined && !fits(deployed);
    })
    .map(({ name }) => name);
  return [
    ...(missing.length > 0
      ? [failed(`Tables or views are missing: ${missing.join(', ')}`, `${DEPLOY} makes them`)]
      : []),
    ...(others.length > 0
      ? [
          warning(
            `Tables or views are not those of this version, but of another or changed by hand: ${others.join(', ')}`,
            `${DEPLOY} of this version replaces them`,
          ),
        ]
      : []),
    ...(missing.length + others.length === 0
      ? [ok(`The ${TABLES.length} tables and ${VIEWS.length} views are those of this version`)]
      : []),
  ];
}

/** Whether tables and views are as this version deploys them. */
export const catalogCheck = (client: GlueClient): Check<Deployment, string> => ({
  id: 'catalog',
  about: 'The tables and views',
  calls: ['glue:GetTables'],
  async run({ parts }, abortSignal) {
    const { database } = parts;
    if (database === undefined) {
      return { findings: [notAsked('The tables and views: the stack has no database')] };
    }
    try {
      const tables = await ask('glue:GetTables', tablesIn(client, database, abortSignal));
      return { findings: judged(tables), fact: database };
    } catch (error) {
      if (!(error instanceof Unanswered) || error.fault.name !== 'EntityNotFoundException')
        throw error;
      return { findings: [failed(`There is no database ${database}`, `${DEPLOY} makes it`)] };
    }
  },
});
