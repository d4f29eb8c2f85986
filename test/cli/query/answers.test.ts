import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GivenParameters } from '../../../cli/query/parameters.ts';
import { openSnapshots, type Snapshots } from '../../../cli/query/snapshots.ts';
import { changesKey } from '../../../contract/keys.ts';
import { SAVED_QUERIES } from '../../../sql/saved-queries.ts';
import { VIEWS } from '../../../sql/views.ts';
import {
  type PublishedWorld,
  type WorldSnapshot,
  writeTargets,
  writeWorld,
} from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import * as history from './expected/history.ts';
import { unordered } from './expected/lines.ts';
import { QUESTIONS, VIEW_LINES } from './expected/questions.ts';
import { exportHealth } from './expected/runs.ts';
import { BUSY, KNOWN_TARGETS, KNOWN_WORLD, ODD } from './known-world.ts';

const newFolder = temporaryFolders();

async function open(world: PublishedWorld): Promise<Snapshots> {
  const folder = newFolder();
  writeWorld(folder, world);
  writeTargets(folder, KNOWN_TARGETS);
  return openSnapshots(folder);
}

const linesOf = async (snapshots: Snapshots, query: string, parameters?: GivenParameters) =>
  (await snapshots.run(query, parameters)).rows;

describe('over known snapshots', () => {
  let snapshots: Snapshots;
  beforeAll(async () => {
    snapshots = await open(KNOWN_WORLD);
  });
  afterAll(() => snapshots.close());

  it.each(VIEW_LINES)('the view %s has the lines worked out without SQL', async (view, answer) => {
    const lines = await linesOf(snapshots, `SELECT * FROM ${view}`);
    expect(unordered(lines)).toEqual(unordered(answer(KNOWN_WORLD)));
    expect(lines).not.toEqual([]);
  });

  it.each(QUESTIONS)(
    '%s %j answers what was worked out without SQL',
    async (name, given, answer) => {
      const lines = await linesOf(snapshots, name, given);
      expect(lines).toEqual(answer(KNOWN_WORLD));
      expect(lines).not.toEqual([]);
    },
  );

  it('all views are among those', () => {
    expect(VIEW_LINES.map(([view]) => view)).toEqual(VIEWS.map(({ name }) => name));
  });

  it('all saved queries are among those', () => {
    const asked = new Set(QUESTIONS.map(([name]) => name));
    expect([...asked].sort()).toEqual(SAVED_QUERIES.map(({ name }) => name));
  });

  it("tells a level changed, a skill lost and won back, people come and gone, from someone's new name", async () => {
    const sql = `SELECT previous_snapshot_date, snapshot_date, username, user_status, attribute_value,
      change, previous_level, level FROM proficiency_changes WHERE instance_id = '${BUSY}' ORDER BY ALL`;
    expect(await linesOf(snapshots, sql)).toEqual([
      ['2026-11-18', '2026-11-19', ODD, 'present', 'French', 'level changed', 4.5, 5],
      ['2026-11-18', '2026-11-19', 'bob.b', 'present', 'Klingon', 'removed', 2, null],
      ['2026-11-18', '2026-11-19', 'eve', 'present', 'French', 'removed', 2, null],
      ['2026-11-19', '2026-11-21', ODD, 'present', 'French', 'level changed', 5, 4.5],
      ['2026-11-19', '2026-11-21', 'ann.smith', 'present', 'French', 'level changed', 3, 4],
      ['2026-11-19', '2026-11-21', 'bob.b', 'deleted', 'English', 'removed', 3, null],
      [
        '2026-11-19',
        '2026-11-21',
        "cem o'hara",
        'created',
        'Data protection 2026',
        'added',
        null,
        3,
      ],
      ['2026-11-19', '2026-11-21', "cem o'hara", 'created', 'French', 'added', null, 5],
      ['2026-11-19', '2026-11-21', 'eve.jones', 'present', 'French', 'added', null, 2],
      ['2026-11-19', '2026-11-21', null, 'present', 'Klingon', 'removed', 2, null],
      ['2026-11-21', '2026-11-22', 'bob', 'created', 'English', 'added', null, 5],
    ]);
  });

  it('follows the agent whose proficiencies changed last where none is named', async () => {
    expect(await linesOf(snapshots, 'agent-history')).toEqual(
      history.agentHistory(KNOWN_WORLD, 'user-cem'),
    );
  });

  it('finds an agent by a former name, and everyone who has had it', async () => {
    const { rows } = await snapshots.run('agent-history', { agent: 'bob' });
    expect(rows.map((row) => [row[1], row[3], row[4], row[5], row[6]])).toEqual([
      ['English', '2026-11-22', '2026-11-22', true, 'user-ben'],
      ['English', '2026-11-18', '2026-11-19', false, 'user-bob'],
      ['Klingon', '2026-11-18', '2026-11-18', false, 'user-bob'],
    ]);
  });

  it('expects a snapshot up to today where no day is named', async () => {
    const today = () => exportHealth(KNOWN_WORLD, new Date().toISOString().slice(0, 10));
    const before = today();
    const lines = await linesOf(snapshots, 'export-health');
    // Two answers are right where midnight passes meanwhile.
    expect([before, today()]).toContainEqual(lines);
  });
});

it('names ten of those who are one level short, and counts all', async () => {
  const users = Array.from({ length: 12 }, (_, index) => ({
    id: `user-${index}`,
    username: `name ${index + 10}`,
    proficiencies: [{ attribute_name: 'Language', attribute_value: 'French', level: 3 }],
  }));
  const snapshots = await open({ [BUSY]: [{ date: '2026-11-18', users }] });
  try {
    const lines = await linesOf(snapshots, 'coverage-against-targets');
    const [line] = lines.filter(([, value, level]) => value === 'French' && level === 4);
    const names = users.slice(0, 10).map(({ username }) => username);
    expect(line?.slice(3, 8)).toEqual([4, 0, 4, 12, names.join(', ')]);
  } finally {
    snapshots.close();
  }
});

describe('a trend', () => {
  /** There is always somebody, with this or without. */
  const inFrench = (date: string, ...levels: readonly number[]): WorldSnapshot => ({
    date,
    users: [
      { id: 'user-dee', proficiencies: [] },
      ...levels.map((level, index) => ({
        id: `user-${index}`,
        proficiencies: [{ attribute_name: 'Language', attribute_value: 'French', level }],
      })),
    ],
  });
  /** A Sunday, a Monday, another year, and a month of which one snapshot is there. */
  const WORLD: PublishedWorld = {
    [BUSY]: [
      inFrench('2026-11-29', 4, 4),
      inFrench('2026-11-30', 3, 4, 2),
      inFrench('2026-12-06'),
      inFrench('2027-01-01', 4.5),
      inFrench('2027-01-03', 4.5, 1, 5),
    ],
  };

  it.each([
    [
      'month',
      [
        ['2026-11-30', 3, 1, 3, BUSY],
        ['2026-12-06', 0, 0, null, BUSY],
        ['2027-01-03', 3, 2, 3.5, BUSY],
      ],
    ],
    [
      'week',
      [
        ['2026-11-29', 2, 2, 4, BUSY],
        ['2026-12-06', 0, 0, null, BUSY],
        ['2027-01-03', 3, 2, 3.5, BUSY],
      ],
    ],
  ])('has a line for the last snapshot of each %s', async (period, lines) => {
    const snapshots = await open(WORLD);
    try {
      expect(await linesOf(snapshots, 'proficiency-trend', { period })).toEqual(lines);
    } finally {
      snapshots.close();
    }
  });

  it('goes back no further than the changes do without a gap', async () => {
    const folder = newFolder();
    writeWorld(folder, WORLD);
    rmSync(join(folder, changesKey(BUSY, '2026-12-06')));
    const snapshots = await openSnapshots(folder);
    try {
      const lines = await linesOf(snapshots, 'proficiency-trend', { period: 'day' });
      expect(lines).toEqual([
        ['2026-12-06', 0, 0, null, BUSY],
        ['2027-01-01', 1, 1, 4.5, BUSY],
        ['2027-01-03', 3, 2, 3.5, BUSY],
      ]);
    } finally {
      snapshots.close();
    }
  });
});
