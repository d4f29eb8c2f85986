import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import {
  changesKey,
  manifestKey,
  type Partition,
  partitionIn,
  partitionsIn,
} from '../../contract/keys.ts';
import { parse } from '../../contract/parse.ts';
import { sqlText } from './dialect.ts';
import type { BoundQuery } from './parameters.ts';
import type { PublishedFiles } from './published-files.ts';

/** What a question looks at of an instance: the dates of the first and the last snapshot, as yyyy-MM-dd. */
export interface Span {
  readonly instanceId: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The tables with which a saved query begins if it looks at some dates alone. The last of them, `dates`, says between which dates of each
 * instance, and takes these from `export_runs`.
 */
const UP_TO_DATES = /^WITH (?<tables>[\s\S]*?^dates AS \([\s\S]*?^\))/m;

/** Those tables, as SQL; nothing where the saved query looks at all dates. */
export const tablesUpToDates = (sql: string): string | undefined =>
  UP_TO_DATES.exec(sql)?.groups?.tables;

const spanRow = z
  .tuple([z.string(), z.iso.date(), z.iso.date()])
  .transform(([instanceId, from, to]): Span => ({ instanceId, from, to }));

/**
 * The dates that a question looks at; nothing where it may be any. An instance of which it looks at none is not among them.
 *
 * @param manifests the keys of all that are published: what dates there are is known without reading one
 */
export async function datesAsked(
  connection: DuckDBConnection,
  { upToDates, values }: BoundQuery,
  manifests: readonly string[],
): Promise<readonly Span[] | undefined> {
  if (upToDates === undefined) return undefined;
  const published = partitionsIn(manifests, manifestKey);
  if (published.length === 0) return [];
  const runs = published.map(
    ({ instanceId, snapshotDate }) =>
      `(${sqlText(instanceId)}, TRY_CAST(${sqlText(snapshotDate)} AS date))`,
  );
  const answer = await connection.runAndReadAll(
    `WITH export_runs (instance_id, snapshot_date) AS (VALUES ${runs.join(', ')}), ${upToDates}
     SELECT instance_id, CAST(from_date AS varchar), CAST(to_date AS varchar) FROM dates`,
    { ...values },
  );
  return parse(z.array(spanRow), answer.getRows(), 'The dates of the question');
}

/** The dates of some snapshots, as a person says them. */
function datesOf(published: readonly Partition[]): string {
  const sorted = published.map(({ snapshotDate }) => snapshotDate).toSorted();
  const [first, last] = [sorted.at(0), sorted.at(-1)];
  return first === last ? `of ${first}` : `from ${first} to ${last}`;
}

/**
 * Says of which instances a question compares nothing, since an answer without them looks as if nothing had changed; nothing where it may
 * look at any date.
 *
 * @param manifests the keys of all that are published
 */
export function nothingCompared(
  manifests: readonly string[],
  spans: readonly Span[] | undefined,
): readonly string[] {
  if (spans === undefined) return [];
  const compared = new Set(spans.map(({ instanceId }) => instanceId));
  const others = partitionsIn(manifests, manifestKey).filter(
    ({ instanceId }) => !compared.has(instanceId),
  );
  if (others.length === 0) return [];
  if (compared.size === 0) {
    return [
      `Nothing is compared: no instance has two snapshots for these dates; those published are ${datesOf(others)}.`,
    ];
  }
  const instances = [...new Set(others.map(({ instanceId }) => instanceId))].toSorted();
  return instances.map((id) => {
    const dates = datesOf(others.filter(({ instanceId }) => instanceId === id));
    return `Nothing is compared of ${id}: it does not have two snapshots for these dates; those published are ${dates}.`;
  });
}

/**
 * The keys within the dates that a question looks at: those of the runs, and of the changes after the first run. A saved query that looks
 * at some dates alone reads no other table by date.
 */
export function within(keys: PublishedFiles, spans: readonly Span[] | undefined): PublishedFiles {
  if (spans === undefined) return keys;
  const among = (
    table: readonly string[],
    keyOf: typeof manifestKey,
    isLookedAt: (date: string, span: Span) => boolean,
  ): readonly string[] =>
    table.filter((key) => {
      const partition = partitionIn(key, keyOf);
      const span = spans.find(({ instanceId }) => instanceId === partition?.instanceId);
      return partition && span && isLookedAt(partition.snapshotDate, span);
    });
  return {
    ...keys,
    export_runs: among(
      keys.export_runs,
      manifestKey,
      (date, { from, to }) => from <= date && date <= to,
    ),
    snapshot_changes: among(
      keys.snapshot_changes,
      changesKey,
      (date, { from, to }) => from < date && date <= to,
    ),
  };
}
