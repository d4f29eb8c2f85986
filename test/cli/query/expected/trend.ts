import type { PublishedWorld, WorldSnapshot } from '../../../support/published-world.ts';
import type { Wanted } from './latest.ts';
import { groups, type Line, linesOf, published, round1 } from './lines.ts';

type Period = 'day' | 'week' | 'month';

const DAY_MS = 86_400_000;

/** Something that all dates of a period share. 1970 began on a Thursday, weeks begin on Monday. */
function periodOf(date: string, period: Period): string | number {
  if (period === 'day') return date;
  if (period === 'month') return date.slice(0, 'yyyy-mm'.length);
  return Math.floor((Date.parse(date) / DAY_MS + 3) / 7);
}

/** A newest snapshot without users has no line. */
function seriesOf(snapshots: readonly WorldSnapshot[]): WorldSnapshot[] {
  const series = published(snapshots);
  return series.at(-1)?.users.length === 0 ? series.slice(0, -1) : series;
}

function lineOf(instanceId: string, snapshot: WorldSnapshot, wanted: Wanted): Line {
  const levels = linesOf(instanceId, snapshot)
    .filter(({ name, value }) => name === wanted.name && value === wanted.value)
    .map(({ level }) => level ?? 0);
  const sum = levels.reduce((total, level) => total + level, 0);
  return [
    snapshot.date,
    levels.length,
    levels.filter((level) => level >= wanted.level).length,
    levels.length === 0 ? null : round1(sum / levels.length),
    instanceId,
  ];
}

export const proficiencyTrend = (world: PublishedWorld, wanted: Wanted, period: Period): Line[] =>
  Object.entries(world)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .flatMap(([instanceId, snapshots]) =>
      groups(seriesOf(snapshots), ({ date }) => periodOf(date, period)).flatMap((dates) =>
        dates.slice(-1).map((last) => lineOf(instanceId, last, wanted)),
      ),
    );
