import type { AgainstTargets, Changes, Run } from '../../report/facts.ts';
import type { Html } from '../../report/html.ts';
import { againstTargetsSection } from '../../report/sections/against-targets.ts';
import { changesSection } from '../../report/sections/changes.ts';
import { runsSection } from '../../report/sections/runs.ts';
import { summary } from '../../report/sections/summary.ts';
import { trainingSection } from '../../report/sections/training.ts';
import { trendsSection } from '../../report/sections/trends.ts';
import { candidate, compared, covered, lost, NOTHING, runOn } from '../support/report-facts.ts';

/** What stands in the cells of all tables of a section. */
const rowsIn = ({ markup }: Html): readonly (readonly string[])[] =>
  [...markup.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replaceAll(/<[^>]*>/g, ''),
    ),
  );

describe('the summary', () => {
  const SOMEBODY = { ...NOTHING, agentsByCount: [{ proficiencies: 0, agents: 2, named: 0 }] };
  const warned = (what: Partial<Run>): string =>
    summary({ ...NOTHING, runs: [runOn(NOTHING.date, what)] }).markup;

  it('says of which day the snapshot is', () => {
    const { markup } = summary(NOTHING);
    expect(markup).toContain('Snapshot of <strong>22 November 2026</strong>, us-east-1');
    expect(markup).not.toContain('class="warning"');
  });

  it.each<[Partial<Run>, string]>([
    [
      { verdict: 'users failed', users_listed: 11, users_failed: 2 },
      'Incomplete: 2 users of 11 could not be read.',
    ],
    [
      { verdict: 'rows missing', users_exported: 3, rows_found: 2 },
      'Damaged: the snapshot has 2 rows, but its run wrote 3;',
    ],
    [
      { verdict: 'counts do not add up', users_listed: 7, users_exported: 3 },
      'Doubtful: of 7 users listed, 3 were exported,',
    ],
    [{ missing_days_after: 2000 }, 'The next snapshot is 2,000 days late.'],
  ])('warns of a run with %j', (what, sentence) => {
    expect(warned(what)).toContain(`<p class="warning">${sentence}`);
  });

  it('says why agents go by their ids', () => {
    const named = (names: 'shown' | 'not in the snapshot' | 'left out') =>
      summary({ ...SOMEBODY, names }).markup;
    expect(named('not in the snapshot')).toContain(
      'Agents are shown by their ids: the snapshot has no login names.',
    );
    expect(named('left out')).toContain(
      'Agents are shown by their ids: their names were left out of this report.',
    );
    expect(named('shown')).not.toContain('Agents are shown by their ids');
  });

  it('says whose agents the report is about', () => {
    const among = { team: 'Berlin', routingProfile: 'Sales' };
    expect(summary({ ...NOTHING, among }).markup).toContain(
      'Only agents in the team <strong><bdi>Berlin</bdi></strong> with the routing profile <strong><bdi>Sales</bdi></strong>',
    );
  });
});

describe('the changes', () => {
  const changed = (changes: Changes | undefined): string =>
    changesSection({
      ...NOTHING,
      coverage: [covered('French', 1)],
      previousDate: '2026-11-21',
      changes,
    }).markup;

  it('are counted', () => {
    const lines = [lost('French', 3), lost('Klingon', 2)];
    expect(changed({ since: '2026-11-21', lines, created: 1, deleted: 0 })).toContain(
      'Since the snapshot of 21 November 2026: 0 added, 2 removed, 0 with another level; 1 new agent, 0 gone.',
    );
  });

  it('begin with the proficiency that nobody has now', () => {
    const lines = [lost('French', 3), lost('Klingon', 2)];
    const shown = changed({ since: '2026-11-21', lines, created: 0, deleted: 0 });
    expect(shown).toMatch(
      /the weightiest first.*?<tbody>\s*<tr>.*?Klingon.*?removed, was 2 .*?nobody has it now.*?<\/tr>\n<tr>.*?French/s,
    );
  });

  it('are not there without an earlier snapshot, or where the two have not been compared', () => {
    expect(changesSection(NOTHING).markup).toContain(
      'This is the first snapshot: there is none to compare it with.',
    );
    expect(changed(undefined)).toContain(
      'This snapshot has not been compared with the one before it: run npx proficiencies derive, then write the report again.',
    );
  });
});

it('trends that do not begin with the first snapshot say so', () => {
  const trends = {
    dates: ['2026-11-21', '2026-11-22', '2026-11-23'],
    lines: [{ attribute_name: 'Language', attribute_value: 'French', agents: [1, 2, 3] }],
    isWhole: true,
  };
  const gap = 'Earlier snapshots have not been compared with these: run npx proficiencies derive';
  expect(trendsSection({ ...NOTHING, trends }).markup).not.toContain(gap);
  const { markup } = trendsSection({ ...NOTHING, trends: { ...trends, isWhole: false } });
  expect(markup).toContain('in 3 snapshots from 21 November 2026 to 23 November 2026');
  expect(markup).toContain(gap);
});

it('the days on which a snapshot was due are marked, and no others', () => {
  const { markup } = runsSection({
    ...NOTHING,
    runs: [
      runOn('2026-11-20'),
      // Nothing was due at the weekend, but a snapshot on Monday was.
      runOn('2026-11-17'),
      runOn('2026-11-13', { verdict: 'gap after', missing_days_after: 1 }),
      runOn('2026-11-12'),
    ],
  });
  expect(markup).toContain('4 snapshots in the last 30 days; 1 day without one that was due, 0');
  expect(markup).toContain('ok, the next one 1 day late');
  expect(markup.match(/×/g)).toHaveLength(1);
});

describe('who to train next', () => {
  const training = [
    candidate('French', 'cat', 2),
    candidate('French', 'dan', 0),
    candidate('German', 'ben', 3),
  ];

  it('names the nearest agents for each gap, as they are given', () => {
    const shown = trainingSection({ ...NOTHING, training });
    expect(shown.markup).toContain(
      '2 gaps to close: proficiencies that fewer than 2 agents hold at level 4 or above.',
    );
    expect(rowsIn(shown)).toEqual([
      ['Proficiency', 'Agents', 'Train next'],
      ['French Language from level 4', '1 of 2', 'cat at\u{a0}2dan new to it'],
      ['German Language from level 4', '1 of 2', 'ben at\u{a0}3'],
    ]);
  });

  it('speaks of targets where there are any', () => {
    const againstTargets = { ...NOTHING.againstTargets, lines: [compared('French', 2, 1)] };
    expect(trainingSection({ ...NOTHING, training, againstTargets }).markup).toContain(
      '2 gaps to close: coverage targets that are not met, and other proficiencies that fewer than 2 agents hold at level 4 or above.',
    );
  });

  it('is not there where nothing is lacking', () => {
    expect(trainingSection(NOTHING).markup).toBe('');
  });
});

describe('coverage against targets', () => {
  const shownOf = (what: Partial<AgainstTargets>): Html =>
    againstTargetsSection({
      ...NOTHING,
      againstTargets: { ...NOTHING.againstTargets, ...what },
    });

  it('is not shown where nobody has set any', () => {
    expect(shownOf({}).markup).toBe('');
  });

  it('names who is one level short, and lines that cannot be read', () => {
    const shown = shownOf({
      lines: [
        { ...compared('French', 9, 2), one_level_short: 2, who_is_one_level_short: 'ann, fay' },
        compared('Klingon', 1, 0),
        compared('English', 1, 4),
      ],
      problems: [{ line_number: 7, problem: 'minimum_level is "none", which is no level' }],
    });
    expect(shown.markup).toContain('Of 3 coverage targets, 2 are not met.');
    expect(rowsIn(shown)).toEqual([
      ['Proficiency', 'Agents', 'Gap', 'One level short'],
      ['French Language from level 4', '2 of 9', '7', '2 ann, fay'],
      ['Klingon Language from level 4', '0 of 1', '1', ''],
      ['English Language from level 4', '4 of 1', '', ''],
    ]);
    expect(shown.markup).toContain('1 line of targets/coverage.csv cannot be read:');
    expect(shown.markup).toMatch(/line 7: minimum_level is &quot;none&quot;, which is no level/);
  });

  it('says that all are met', () => {
    expect(
      shownOf({ lines: [compared('French', 4, 4), compared('English', 1, 4)] }).markup,
    ).toContain('Nothing is missing: 2 coverage targets.');
  });

  it('says that the file was changed since', () => {
    expect(shownOf({ isBehind: true }).markup).toContain(
      'run npx proficiencies derive, then write the report again.',
    );
  });
});
