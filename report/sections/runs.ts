import { type Day, drawDays } from '../charts/days.ts';
import { daysBefore, type Facts, HISTORY_DAYS, type Run } from '../facts.ts';
import { counted, number, shortDate } from '../format.ts';
import { type Html, html } from '../html.ts';
import { longTable, type TableColumn } from '../table.ts';
import { chartWithTable, section } from './section.ts';

const LINES_SHOWN = 10;

const isGood = ({ verdict }: Run): boolean => verdict === 'ok' || verdict === 'gap after';

const verdictOf = ({ verdict, missing_days_after }: Run): Html | string => {
  if (verdict === 'ok') return 'ok';
  const text =
    verdict === 'gap after'
      ? `ok, the next one ${counted(missing_days_after, 'day')} late`
      : verdict;
  return html`<span class="wrong">${text}</span>`;
};

const COLUMNS: readonly TableColumn<Run>[] = [
  { head: 'Day', cell: (run) => run.snapshot_date, isHead: true },
  { head: 'Verdict', cell: verdictOf },
  { head: 'Users', cell: (run) => number(run.users_exported), isNumber: true },
  {
    head: 'Deleted meanwhile',
    cell: (run) => number(run.users_deleted_during_run),
    isNumber: true,
  },
  { head: 'Failed', cell: (run) => number(run.users_failed), isNumber: true },
  { head: 'Minutes', cell: (run) => run.minutes.toFixed(1), isNumber: true },
  { head: 'Throttled', cell: (run) => `${run.throttled_percent.toFixed(1)}%`, isNumber: true },
];

function dayOf(day: string, run: Run | undefined, isLate: boolean): Day {
  const label = shortDate(day);
  if (run === undefined) return { label, value: isLate ? undefined : 0, colour: 'bar' };
  return { label, value: run.users_exported, colour: isGood(run) ? 'bar' : 'warning-bar' };
}

/** The days from when a snapshot was due until there was one. */
function lateDaysOf(runs: Facts['runs']): ReadonlySet<string> {
  return new Set(
    runs.slice(1).flatMap(({ missing_days_after }, index) => {
      const next = runs[index]?.snapshot_date ?? '';
      return Array.from({ length: missing_days_after }, (_, day) => daysBefore(next, day + 1));
    }),
  );
}

/** Every day from the first run to the last, whether it has a snapshot or not. */
function daysOf(runs: Facts['runs']): readonly Day[] {
  const byDay = new Map(runs.map((run) => [run.snapshot_date, run]));
  const last = runs[0].snapshot_date;
  const first = runs.at(-1)?.snapshot_date ?? last;
  const late = lateDaysOf(runs);
  const days: Day[] = [];
  for (let day = last; day >= first; day = daysBefore(day, 1)) {
    days.unshift(dayOf(day, byDay.get(day), late.has(day)));
  }
  return days;
}

function leadOf(runs: Facts['runs'], days: readonly Day[]): string {
  const bad = runs.filter((run) => !isGood(run)).length;
  const missing = days.filter((day) => day.value === undefined).length;
  return `${counted(runs.length, 'snapshot')} in the last ${HISTORY_DAYS} days; ${counted(missing, 'day')} without one that was due, ${counted(bad, 'run')} with a fault.`;
}

/** How the last runs went. */
export function runsSection({ instanceId, runs }: Facts): Html {
  const days = daysOf(runs);
  const chart = drawDays(
    days,
    'Users exported by day; a cross marks a day without a snapshot that was due, another colour a run with a fault',
  );
  const content = { caption: 'Runs of the last days', columns: COLUMNS, lines: runs };
  return section({
    id: `runs-${instanceId}`,
    title: 'Run health',
    lead: leadOf(runs, days),
    body: chartWithTable(
      html`<figcaption>Users exported, by day</figcaption>${chart}`,
      longTable(content, LINES_SHOWN, 'export-health'),
    ),
  });
}
