import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Cell } from '../../cli/query/answer.ts';
import { openSnapshots } from '../../cli/query/snapshots.ts';
import { writeReport } from '../../cli/report/write-report.ts';
import { KNOWN_TARGETS, KNOWN_WORLD } from '../cli/query/known-world.ts';
import { type Chromium, DESK, startChromium, TELEPHONE } from '../support/chromium.ts';
import { measure, type PageMeasures } from '../support/page-measures.ts';
import { type PublishedWorld, writeTargets, writeWorld } from '../support/published-world.ts';
import { NEWEST_DAY, ODD_USERS, reportWorld } from '../support/report-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

/** The system's Chromium reads the report as a person would; apt-get install chromium where it is missing. */

const SIZES = [20, 500, 20_000] as const;

const newFolder = temporaryFolders();
let chromium: Chromium;

beforeAll(async () => {
  chromium = await startChromium(newFolder());
});

afterAll(() => chromium?.close());

async function exported(world: PublishedWorld): Promise<{ out: string; url: string }> {
  const out = newFolder();
  writeWorld(out, world);
  writeTargets(out, KNOWN_TARGETS);
  const path = await writeReport({ out, to: join(out, 'report.html') });
  return { out, url: pathToFileURL(path).href };
}

/** What must hold of any report, at any width. */
function expectReadable(measures: PageMeasures, width: number): void {
  // What measures nothing finds nothing.
  expect(measures.texts).toBeGreaterThan(10);
  expect(measures.overlaps).toEqual([]);
  expect(measures.cutOff).toEqual([]);
  expect(measures.beyondThePage).toEqual([]);
  expect(measures.pageWidth).toBe(width);
  expect(measures.smallestText ?? 11).toBeGreaterThanOrEqual(11);
  expect(measures.elements).toEqual({ script: 1, img: 0, nameless: 0 });
}

async function expectAllIsWell(url: string): Promise<void> {
  for (const viewport of [DESK, TELEPHONE]) {
    await chromium.look(url, viewport, async (page) => {
      expectReadable(await measure(page), viewport.width);
      expect(page.complaints).toEqual([]);
      expect(page.requests).toEqual([url]);
    });
  }
}

/** The lines of a table, and of its continuation. */
const linesOf = ({ tables }: PageMeasures, caption: string): readonly (readonly string[])[] =>
  tables.filter((table) => table.caption.startsWith(caption)).flatMap(({ lines }) => lines);

const figure = (cell: Cell | undefined): string => Number(cell).toLocaleString('en-US');

const change = (what: Cell | undefined, before: Cell | undefined, after: Cell | undefined) => {
  if (what === 'added') return `added at ${after}`;
  return what === 'removed' ? `removed, was ${before}` : `${before} → ${after}`;
};

const STATUS: Readonly<Record<string, string>> = { created: 'new agent', deleted: 'agent gone' };

/** What the queries answer, as the tables should show it. */
async function queriesAnswers(out: string) {
  const snapshots = await openSnapshots(out);
  const rowsOf = async (query: string) => (await snapshots.run(query)).rows;
  try {
    const [coverage, points, changes, runs, idle] = [
      await rowsOf('coverage-matrix'),
      await rowsOf('single-points-of-failure'),
      await rowsOf('changes-between-dates'),
      await rowsOf('export-health'),
      await rowsOf('agents-without-proficiencies'),
    ];
    return {
      coverage: coverage.map(([name, value, ...levels]) => [
        `${name}`,
        `${value}`,
        ...levels.slice(0, 6).map(figure),
        Number(levels[6]).toFixed(1),
      ]),
      points: points.map((row) => [`${row[1]} ${row[0]}`, `${row[3]}`, figure(row[4])]),
      changes: changes.map((row) => [
        `${row[1] ?? row[9]}`,
        `${row[3]} ${row[2]}`,
        `${change(row[0], row[4], row[5])} ${STATUS[`${row[6]}`] ?? ''}`,
      ]),
      runs: runs.map((row) => [`${row[0]}`, figure(row[6]), figure(row[9])]),
      withoutAny: figure(idle.length),
    };
  } finally {
    snapshots.close();
  }
}

/** A line of changes without what the page says of it besides; test/report/weighed-changes.test.ts is about that. */
const withoutConsequence = (line: readonly string[]): readonly string[] =>
  line.map((cell) => cell.replace(/ (nobody has it now|coverage target missed)$/, ''));

/** What the page holds at most: a day's changes of 20,000 users are more. */
const MOST_LINES = 1000;

describe.each(SIZES)('a report on %i users, and on some with odd names', (users) => {
  let report: { out: string; url: string };
  beforeAll(async () => {
    report = await exported(reportWorld({ users, days: 2, others: ODD_USERS }));
  });

  it('can be read on a desk and on a telephone, and asks nothing of anybody', () =>
    expectAllIsWell(report.url));

  it('is a file of less than two megabytes', () => {
    expect(statSync(fileURLToPath(report.url)).size).toBeLessThan(2_000_000);
  });

  it("shows the queries' numbers", async () => {
    const measures = await chromium.look(report.url, DESK, measure);
    const { coverage, points, changes, runs, withoutAny } = await queriesAnswers(report.out);
    expect(linesOf(measures, 'Agents by proficiency and level')).toEqual(coverage);
    expect(linesOf(measures, 'Proficiencies that hang on one agent')).toEqual(points);
    const shown = linesOf(measures, 'Changed proficiencies').map(withoutConsequence);
    expect(shown.length).toBeGreaterThanOrEqual(Math.min(changes.length, MOST_LINES));
    const known = new Set(changes.map((line) => JSON.stringify(line)));
    expect(shown.filter((line) => !known.has(JSON.stringify(line)))).toEqual([]);
    expect(new Set(shown.map(String)).size).toBe(shown.length);
    const days = linesOf(measures, 'Runs of the last days');
    expect(days.map((line) => [line[0], line[2], line[4]])).toEqual(runs);
    const [, without] = linesOf(measures, 'Agents by number of proficiencies')[0] ?? [];
    expect(without).toBe(withoutAny);
  });
});

const EDGES: readonly (readonly [string, PublishedWorld])[] = [
  ['several instances, one of them without users', KNOWN_WORLD],
  ['an empty snapshot alone', { empty: [{ date: NEWEST_DAY, users: [] }] }],
  ['the first snapshot', reportWorld({ users: 20, days: 1 })],
  ['snapshots without names', reportWorld({ users: 60, days: 2, usernames: false })],
  ['a month of runs', reportWorld({ users: 5, days: 30 })],
];

it.each(EDGES)('a report on %s can be read, too', async (_, world) => {
  const { url } = await exported(world);
  await expectAllIsWell(url);
});
