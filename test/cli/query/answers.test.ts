import fc from 'fast-check';
import type { Answer } from '../../../cli/query/answer.ts';
import { openSnapshots, type Snapshots } from '../../../cli/query/snapshots.ts';
import { SAVED_QUERIES } from '../../../sql/saved-queries.ts';
import { FULL } from '../../support/breadth.ts';
import { type PublishedWorld, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import * as changes from './expected/changes.ts';
import * as history from './expected/history.ts';
import * as latest from './expected/latest.ts';
import { unordered } from './expected/lines.ts';
import { exportHealth } from './expected/runs.ts';
import { BUSY, KNOWN_WORLD, ODD } from './known-world.ts';
import { randomWorld } from './random-world.ts';

type Lines = Answer['rows'];
type Parameters = Readonly<Record<string, string>>;
type Question = readonly [string, Parameters, (world: PublishedWorld) => Lines];

const newFolder = temporaryFolders();
const FRENCH = { name: 'Language', value: 'French', level: 4 };
const DATA_PROTECTION = { name: 'Certification', value: 'Data protection 2026', level: 3 };
const AS_OF = '2026-11-24';

const VIEWS: readonly (readonly [string, (world: PublishedWorld) => Lines])[] = [
  ['proficiencies_flat', latest.proficienciesFlat],
  ['latest_proficiencies', latest.latestProficiencies],
  ['proficiency_changes', changes.proficiencyChanges],
];

const QUESTIONS: readonly Question[] = [
  ['agents-with-proficiency', {}, (world) => latest.agentsWithProficiency(world, FRENCH)],
  [
    'agents-with-proficiency',
    { attribute_name: ODD, attribute_value: ODD, minimum_level: '4.5' },
    (world) => latest.agentsWithProficiency(world, { name: ODD, value: ODD, level: 4.5 }),
  ],
  ['coverage-matrix', {}, latest.coverageMatrix],
  ['single-points-of-failure', {}, (world) => latest.singlePointsOfFailure(world, 4, 1)],
  [
    'single-points-of-failure',
    { minimum_level: '2', maximum_agents: '3' },
    (world) => latest.singlePointsOfFailure(world, 2, 3),
  ],
  ['agents-without-proficiencies', {}, latest.agentsWithoutProficiencies],
  [
    'agents-lacking-proficiency',
    {},
    (world) => latest.agentsLackingProficiency(world, DATA_PROTECTION),
  ],
  [
    'agents-lacking-proficiency',
    { attribute_name: 'Language', attribute_value: 'French', minimum_level: '4' },
    (world) => latest.agentsLackingProficiency(world, FRENCH),
  ],
  ['changes-between-dates', {}, changes.changesBetweenDates],
  [
    'changes-between-dates',
    { from_date: '2026-11-18', to_date: '2026-11-21' },
    (world) => changes.changesBetweenDates(world, '2026-11-18', '2026-11-21'),
  ],
  [
    'changes-between-dates',
    { from_date: '2026-11-20' },
    (world) => changes.changesBetweenDates(world, '2026-11-20'),
  ],
  ['agent-history', { agent: 'user-ann' }, (world) => history.agentHistory(world, 'user-ann')],
  ['agent-history', { agent: 'bob' }, (world) => history.agentHistory(world, 'bob')],
  ['agent-history', { agent: ODD }, (world) => history.agentHistory(world, ODD)],
  ['abandoned-proficiencies', {}, history.abandonedProficiencies],
  ['export-health', { as_of: AS_OF }, (world) => exportHealth(world, AS_OF)],
  ['agents-near-proficiency-limit', {}, (world) => latest.agentsNearProficiencyLimit(world, 10, 9)],
  [
    'agents-near-proficiency-limit',
    { proficiency_limit: '3', warn_at: '1' },
    (world) => latest.agentsNearProficiencyLimit(world, 3, 1),
  ],
];

async function open(world: PublishedWorld): Promise<Snapshots> {
  const folder = newFolder();
  writeWorld(folder, world);
  return openSnapshots(folder);
}

const linesOf = async (snapshots: Snapshots, query: string, parameters?: Parameters) =>
  (await snapshots.run(query, parameters)).rows;

describe('over known snapshots', () => {
  let snapshots: Snapshots;
  beforeAll(async () => {
    snapshots = await open(KNOWN_WORLD);
  });
  afterAll(() => snapshots.close());

  it.each(VIEWS)('the view %s has the lines worked out without SQL', async (view, answer) => {
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

  it('all saved queries are among those', () => {
    const asked = new Set(QUESTIONS.map(([name]) => name));
    expect([...asked].sort()).toEqual(SAVED_QUERIES.map(({ name }) => name));
  });

  it("tells a level changed, a skill lost and won back, people come and gone, from someone's new name", async () => {
    const sql = `SELECT previous_snapshot_date, snapshot_date, username, user_status, attribute_value,
      change, previous_level, level FROM proficiency_changes WHERE instance_id = '${BUSY}' ORDER BY ALL`;
    expect(await linesOf(snapshots, sql)).toEqual([
      ['2026-11-18', '2026-11-19', 'bob', 'present', 'Klingon', 'removed', 2, null],
      ['2026-11-18', '2026-11-19', 'eve', 'present', 'French', 'removed', 2, null],
      ['2026-11-19', '2026-11-21', 'ann.smith', 'present', 'French', 'level changed', 3, 4],
      ['2026-11-19', '2026-11-21', 'bob', 'deleted', 'English', 'removed', 3, null],
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
      ['2026-11-21', '2026-11-22', 'bob', 'created', 'English', 'added', null, 3],
    ]);
  });

  it('follows the agent whose proficiencies changed last where none is named', async () => {
    expect(await linesOf(snapshots, 'agent-history')).toEqual(
      history.agentHistory(KNOWN_WORLD, 'user-ann'),
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

describe('over any snapshots', () => {
  it('views and saved queries answer what is worked out without SQL', async () => {
    await fc.assert(
      fc.asyncProperty(randomWorld, async (world) => {
        const snapshots = await open(world);
        try {
          for (const [view, answer] of VIEWS) {
            const lines = await linesOf(snapshots, `SELECT * FROM ${view}`);
            expect(unordered(lines)).toEqual(unordered(answer(world)));
          }
          for (const [name, given, answer] of QUESTIONS) {
            expect([name, await linesOf(snapshots, name, given)]).toEqual([name, answer(world)]);
          }
        } finally {
          snapshots.close();
        }
      }),
      { numRuns: FULL ? 8 : 3 },
    );
  });
});
