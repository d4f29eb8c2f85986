import * as z from 'zod';
import { parse } from '../../contract/parse.ts';
import { once } from '../../lambda/once.ts';
import { type Among, isNarrowed, type Published } from '../../report/editions.ts';
import type { TableName } from '../../sql/tables.ts';
import { sqlText } from '../query/dialect.ts';
import type { GivenParameters } from '../query/parameters.ts';
import type { Extent } from '../query/published-files.ts';
import { openSnapshots, type Snapshots } from '../query/snapshots.ts';

/** The days of one instance that are looked at, the first and the last included; of whose agents, where that is said. */
export interface Scope extends Among {
  readonly instanceId: string;
  readonly from: string;
  readonly to: string;
}

/** A folder's snapshots, of which only some are read for each question. */
export interface ScopedSnapshots {
  /** All that was published, by instance, then date. */
  published(): Promise<readonly Published[]>;
  /**
   * Asks a question about a scope, whose last day has a published snapshot, as if there were nothing else: a saved query
   * then reads only its files. A year of 20,000 users would otherwise be read anew for every question. Questions are asked
   * one after the other; those about one scope after each other cost least.
   *
   * @param line what the schema says, each line of the answer is
   * @param query the name of a saved query, or SQL
   */
  ask<T>(
    scope: Scope,
    line: z.ZodType<T>,
    query: string,
    parameters?: GivenParameters,
  ): Promise<readonly T[]>;
  /** Those whose changes against the one before are missing or out of date. */
  notCompared(): readonly Published[];
  /** Whether the coverage targets are not those of people's file. */
  areTargetsBehind(): Promise<boolean>;
  close(): void;
}

/** The tables with a line of each date; that of users comes first, for changes and the newest rows are narrowed by it. */
const DATED = ['user_proficiencies', 'export_runs', 'snapshot_changes'] satisfies TableName[];

const publishedLine = z.object({ instance_id: z.string(), snapshot_date: z.iso.date() });

/** Which rows of users are meant, as the saved queries with these parameters mean it. */
function ofAgents({ team, routingProfile }: Among): string {
  const inTeam = team === undefined ? '' : ` AND list_contains(hierarchy, ${sqlText(team)})`;
  const withProfile =
    routingProfile === undefined ? '' : ` AND routing_profile_name = ${sqlText(routingProfile)}`;
  return `${inTeam}${withProfile}`;
}

/** Changes do not tell a team: they are those of agents who are in it in one of the snapshots in sight. */
const ofTheirChanges = (among: Among): string =>
  isNarrowed(among)
    ? " AND (change = 'compared' OR user_id IN (SELECT user_id FROM user_proficiencies))"
    : '';

/** What narrows a table to agents; what is told of runs is told of the whole instance. */
const AMONG: Readonly<Record<(typeof DATED)[number], (among: Among) => string>> = {
  user_proficiencies: ofAgents,
  export_runs: () => '',
  snapshot_changes: ofTheirChanges,
};

/** The columns that hold names of people. */
const NAMES: Readonly<Record<(typeof DATED)[number], readonly string[]>> = {
  user_proficiencies: ['username', 'first_name', 'last_name'],
  export_runs: [],
  snapshot_changes: ['username', 'previous_username'],
};

/** How the snapshots of a folder are to be read. */
export interface Reading {
  /** Default: `whole`. */
  readonly extent?: Extent;
  /** Whether rows have people's names; where not they are null, as in a snapshot without names. Default: true. */
  readonly usernames?: boolean;
}

function selected(table: (typeof DATED)[number], { usernames = true }: Reading): string {
  const nulls = usernames ? [] : NAMES[table].map((name) => `CAST(NULL AS VARCHAR) AS ${name}`);
  const columns = nulls.length === 0 ? '*' : `* REPLACE (${nulls.join(', ')})`;
  return `SELECT ${columns} FROM every_${table}`;
}

const narrowed = (table: (typeof DATED)[number], scope: Scope, reading: Reading): string =>
  `CREATE OR REPLACE VIEW ${table} AS ${selected(table, reading)}
   WHERE instance_id = ${sqlText(scope.instanceId)}
     AND snapshot_date BETWEEN CAST(${sqlText(scope.from)} AS DATE) AND CAST(${sqlText(scope.to)} AS DATE)${AMONG[table](scope)}`;

/** What is newest at the end of a scope: of the users in sight, those of its last day. */
const newest = ({ to }: Scope): string =>
  `CREATE OR REPLACE VIEW latest_user_proficiencies AS
   SELECT * FROM user_proficiencies WHERE snapshot_date = CAST(${sqlText(to)} AS DATE)`;

/** Targets are for all agents of an instance: they do not say what some of these lack. */
const targets = (scope: Scope): string =>
  `CREATE OR REPLACE VIEW coverage_targets AS
   SELECT * FROM every_coverage_targets WHERE ${isNarrowed(scope) ? 'false' : 'true'}`;

/** What a scope narrows. */
const NARROWED = [...DATED, 'coverage_targets'] satisfies TableName[];

/** What has tables and views show a scope alone. */
const statements = (scope: Scope, reading: Reading): readonly string[] => [
  ...DATED.map((table) => narrowed(table, scope, reading)),
  newest(scope),
  targets(scope),
];

async function answerTo<T>(
  snapshots: Snapshots,
  line: z.ZodType<T>,
  query: string,
  parameters?: GivenParameters,
): Promise<readonly T[]> {
  const { columns, rows } = await snapshots.run(query, parameters);
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index]])),
  );
  return parse(z.array(line), objects, `The answer to ${query}`);
}

/**
 * Opens the snapshots of a folder for a report.
 *
 * @throws ExportFailure InvalidRequest where there is no snapshot
 */
export async function openScopedSnapshots(
  folder: string,
  reading: Reading,
): Promise<ScopedSnapshots> {
  const snapshots = await openSnapshots(folder, reading);
  for (const table of NARROWED) await snapshots.run(`ALTER VIEW ${table} RENAME TO every_${table}`);
  let inSight: readonly string[] = [];
  return {
    async ask(scope, line, query, parameters) {
      const wanted = statements(scope, reading);
      for (const statement of wanted.filter((one) => !inSight.includes(one))) {
        await snapshots.run(statement);
      }
      inSight = wanted;
      return answerTo(snapshots, line, query, parameters);
    },
    close: () => snapshots.close(),
    areTargetsBehind: () => snapshots.areTargetsBehind(),
    // These two read every manifest of the folder, and are asked for each instance.
    notCompared: once(() =>
      snapshots
        .notCompared()
        .map(({ instanceId, snapshotDate }) => ({ instanceId, date: snapshotDate })),
    ),
    published: once(async () => {
      const query = 'SELECT instance_id, snapshot_date FROM every_export_runs ORDER BY ALL';
      const lines = await answerTo(snapshots, publishedLine, query);
      return lines.map((line) => ({ instanceId: line.instance_id, date: line.snapshot_date }));
    }),
  };
}
