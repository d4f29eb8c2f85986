import type { Edition } from '../../report/editions.ts';
import { type Coverage, netChangeLine } from '../../report/facts.ts';
import { type Trends, trendsOf } from '../../report/trends.ts';
import type { ScopedSnapshots } from './scoped-snapshots.ts';

const NET_CHANGES = `
  SELECT snapshot_date, attribute_name, attribute_value,
    count(*) FILTER (WHERE change = 'added') - count(*) FILTER (WHERE change = 'removed') AS net
  FROM snapshot_changes WHERE attribute_name IS NOT NULL GROUP BY ALL HAVING net <> 0`;

/** The days of an edition's instance up to it, the oldest first. */
async function daysUpTo(
  { published }: ScopedSnapshots,
  { instanceId, date }: Edition,
): Promise<readonly string[]> {
  const all = await published();
  return all
    .filter((one) => one.instanceId === instanceId && one.date <= date)
    .map((one) => one.date);
}

/**
 * The trends over all days since which each snapshot has been compared with the one before it; nothing where that is one day alone.
 *
 * @param coverage on the edition's day
 */
export async function readTrends(
  snapshots: ScopedSnapshots,
  edition: Edition,
  coverage: readonly Coverage[],
): Promise<Trends | undefined> {
  const { ask, notCompared } = snapshots;
  const { instanceId, date } = edition;
  const all = await daysUpTo(snapshots, edition);
  const notKnown = new Set(
    notCompared()
      .filter((one) => one.instanceId === instanceId)
      .map((one) => one.date),
  );
  const dates = all.slice(
    Math.max(
      0,
      all.findLastIndex((day) => notKnown.has(day)),
    ),
  );
  const [first, second] = dates;
  if (first === undefined || second === undefined) return undefined;
  const netChanges = await ask({ instanceId, from: second, to: date }, netChangeLine, NET_CHANGES);
  return { ...trendsOf(dates, coverage, netChanges), isWhole: first === all[0] };
}
