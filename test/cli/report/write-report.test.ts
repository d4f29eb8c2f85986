import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReportOptions, writeReport } from '../../../cli/report/write-report.ts';
import { TARGETS_FILE_KEY } from '../../../contract/keys.ts';
import { escaped } from '../../../report/html.ts';
import {
  type PublishedWorld,
  type WorldUser,
  writeTargets,
  writeWorld,
} from '../../support/published-world.ts';
import { ODD_USERS, reportWorld } from '../../support/report-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_TARGETS, KNOWN_WORLD, ODD, SMALL } from '../query/known-world.ts';

const newFolder = temporaryFolders();

function exported(world: PublishedWorld): string {
  const out = newFolder();
  writeWorld(out, world);
  return out;
}

async function report(
  world: PublishedWorld,
  options: Omit<ReportOptions, 'out' | 'to'> = {},
): Promise<string> {
  const out = exported(world);
  return readFileSync(await writeReport({ ...options, out, to: join(out, 'report.html') }), 'utf8');
}

const firstOf = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

const idsOf = (text: string): string[] =>
  [...text.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);

describe('the file', () => {
  let known: string;
  let ofOneDay: string;
  let odd: string;
  beforeAll(async () => {
    known = await report(KNOWN_WORLD);
    ofOneDay = await report(KNOWN_WORLD, { instanceId: BUSY, date: '2026-11-19' });
    odd = await report(reportWorld({ users: 5, days: 2, others: ODD_USERS }));
  });

  it('is the same for the same snapshots', async () => {
    expect(await report(reportWorld({ users: 5, days: 2, others: ODD_USERS }))).toBe(odd);
  });

  it('needs nothing else: no address but those of its own anchors', () => {
    expect(odd).not.toMatch(/<(img|iframe|object|embed|base|form)/i);
    const addresses = [...odd.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, one]) => one);
    expect(addresses.filter((address) => !address?.startsWith('#'))).toEqual(['data:,']);
    expect(odd).not.toMatch(/@import|url\(/);
  });

  it('has one script, which the browser knows by its hash: it refuses any other, and requests', () => {
    const scripts = [...odd.matchAll(/<script([^>]*)>(.*?)<\/script/gs)];
    expect(scripts.map(([, kind]) => kind)).toEqual([' type="application/json"', '']);
    const hash = createHash('sha256')
      .update(scripts[1]?.[2] ?? '')
      .digest('base64');
    const policy = firstOf(odd, /Content-Security-Policy" content="([^"]*)"/);
    expect(policy?.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
      "style-src 'unsafe-inline'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('has a section for each instance, with an anchor of its own', () => {
    const ids = idsOf(known);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toEqual(expect.arrayContaining([BUSY, SMALL, EMPTY]));
  });

  it('calls instances by their aliases, in the list of them and above each', async () => {
    const text = await report(KNOWN_WORLD, { aliases: { [BUSY]: 'support-emea' } });
    expect(text).toContain(
      `<h2 id="${BUSY}">Instance support-emea <span class="id">${BUSY}</span>`,
    );
    expect(text).toContain(`<a href="#${BUSY}">support-emea</a>`);
    expect(text).toContain(`<h2 id="${SMALL}">Instance <span class="id">${SMALL}</span>`);
    expect(text).toContain(`<a href="#${SMALL}">${SMALL}</a>`);
  });

  it('is about one instance or one day where that is asked for', () => {
    expect(idsOf(ofOneDay)).not.toContain(SMALL);
    expect(ofOneDay).toContain('Snapshot of <strong>19 November 2026</strong>');
    expect(ofOneDay).toContain('Since the snapshot of 18 November 2026: 0 added, 2 removed');
  });

  it('says that a snapshot is incomplete, and how late the next one is', async () => {
    expect(ofOneDay).toContain('Incomplete: 2 users of 11 could not be read.');
    expect(await report(KNOWN_WORLD, { instanceId: SMALL, date: '2026-11-20' })).toMatch(
      /class="warning">Damaged: the snapshot has 2 rows, but its run wrote 3/,
    );
    const old = { [BUSY]: [{ date: '2020-01-01', users: [] }] };
    expect(await report(old)).toMatch(/class="warning">The next snapshot is [\d,]+ days late\./);
  });

  it('marks the days on which a snapshot was due, and no others', async () => {
    const day = (date: string, next_due: string) => ({ date, users: [], manifest: { next_due } });
    const text = await report({
      [BUSY]: [
        day('2026-11-12', '2026-11-13'),
        day('2026-11-13', '2026-11-16'),
        // Nothing was due at the weekend, but a snapshot on Monday was.
        day('2026-11-17', 'none'),
        day('2026-11-20', 'none'),
      ],
    });
    expect(text).toContain('4 snapshots in the last 30 days; 1 day without one that was due, 0');
    expect(text).toContain('ok, the next one 1 day late');
    expect(text.match(/×/g)).toHaveLength(1);
    expect(text).not.toContain('class="warning"');
  });
});

describe('what is not there', () => {
  it('is said of an empty snapshot', async () => {
    const text = await report({ [EMPTY]: [{ date: '2026-11-21', users: [] }] });
    expect(text).toContain('Nobody has a proficiency.');
    expect(text).toContain('The instance has no users.');
    expect(text).toContain('Nothing hangs on one agent.');
    const shown = text.replaceAll(/<script.*?<\/script>/gs, '');
    expect(shown).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('is said of a snapshot that has not been compared with the one before it', async () => {
    const out = exported(KNOWN_WORLD);
    rmSync(join(out, 'changes'), { recursive: true });
    const text = readFileSync(await writeReport({ out, to: join(out, 'report.html') }), 'utf8');
    expect(text).toContain('run npx proficiencies derive, then write the report again.');
    expect(text).toContain('This is the first snapshot');
  });

  it('is said of trends that begin after a gap', async () => {
    const out = exported(reportWorld({ users: 20, days: 4 }));
    const to = join(out, 'report.html');
    const written = async () => readFileSync(await writeReport({ out, to }), 'utf8');
    const gap = 'Earlier snapshots have not been compared with these: run npx proficiencies derive';
    expect(await written()).not.toContain(gap);
    const [folder = ''] = readdirSync(join(out, 'changes'));
    rmSync(join(out, 'changes', folder, 'snapshot_date=2026-11-21'), { recursive: true });
    const text = await written();
    expect(text).toContain('in 3 snapshots from 21 November 2026 to 23 November 2026');
    expect(text).toContain(gap);
  });

  it('is said of an earlier snapshot', async () => {
    expect(await report(reportWorld({ users: 3, days: 1 }))).toContain(
      'This is the first snapshot: there is none to compare it with.',
    );
  });

  it('is said of login names: agents go by their ids', async () => {
    const text = await report(reportWorld({ users: 3, days: 1, usernames: false }));
    expect(text).toContain('Agents are shown by their ids: the snapshot has no login names.');
    const named = await report(reportWorld({ users: 3, days: 1 }));
    expect(named).not.toContain('Agents are shown by their ids');
  });
});

describe('writing', () => {
  it('makes the folders it needs, and leaves nothing else behind', async () => {
    const out = exported(reportWorld({ users: 3, days: 1 }));
    const folder = join(newFolder(), 'a', 'b');
    const path = await writeReport({ out, to: join(folder, 'skills.html') });
    expect(path).toBe(join(folder, 'skills.html'));
    expect(readdirSync(folder)).toEqual(['skills.html']);
  });

  it('replaces an earlier report', async () => {
    const out = exported(reportWorld({ users: 3, days: 1 }));
    const to = join(out, 'report.html');
    writeFileSync(to, 'the one before');
    await writeReport({ out, to });
    expect(readFileSync(to, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('says what to do where the file cannot be written, and leaves what is there', async () => {
    const out = exported(reportWorld({ users: 3, days: 1 }));
    const folder = newFolder();
    mkdirSync(join(folder, 'report.html', 'kept'), { recursive: true });
    await expect(writeReport({ out, to: join(folder, 'report.html') })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(/has a folder where a file must be: choose another folder/),
    });
    expect(readdirSync(folder)).toEqual(['report.html']);
    expect(readdirSync(join(folder, 'report.html'))).toEqual(['kept']);
  });

  it('leaves the earlier report where there is no such snapshot', async () => {
    const out = exported(reportWorld({ users: 3, days: 1 }));
    const to = join(out, 'report.html');
    writeFileSync(to, 'the one before');
    await expect(writeReport({ out, to, date: '2020-01-01' })).rejects.toThrow(
      'There is no published snapshot dated 2020-01-01',
    );
    expect(readFileSync(to, 'utf8')).toBe('the one before');
  });
});

/** What stands in the cells of all tables of a section. */
const rowsIn = (shown: string): readonly (readonly string[])[] =>
  [...shown.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replaceAll(/<[^>]*>/g, ''),
    ),
  );

describe('who to train next', () => {
  const user = (id: string, ...levels: readonly (readonly [string, number])[]): WorldUser => ({
    id,
    username: id,
    proficiencies: levels.map(([attribute_value, level]) => ({
      attribute_name: 'Language',
      attribute_value,
      level,
    })),
  });

  const sectionOf = (text: string): string =>
    firstOf(text, /(<section aria-labelledby="training-.*?<\/section>)/s) ?? '';

  it('names the nearest agents for each gap, the largest first', async () => {
    const users = [
      user('ann', ['French', 5], ['German', 4]),
      user('ben', ['French', 4], ['German', 3]),
      user('cat', ['French', 2]),
      user('dan'),
    ];
    const out = exported({ [BUSY]: [{ date: '2026-11-22', users }] });
    writeTargets(out, [
      {
        attribute_name: 'Language',
        attribute_value: 'French',
        minimum_level: 4,
        minimum_agents: 4,
      },
    ]);
    const to = join(out, 'report.html');
    const shown = sectionOf(readFileSync(await writeReport({ out, to }), 'utf8'));
    expect(shown).toContain(
      '2 gaps to close: coverage targets that are not met, and other proficiencies that fewer than 2 agents hold at level 4 or above.',
    );
    expect(rowsIn(shown)).toEqual([
      ['Proficiency', 'Agents', 'Train next'],
      ['French Language from level 4', '2 of 4', 'cat at\u{a0}2dan new to it'],
      ['German Language from level 4', '1 of 2', 'ben at\u{a0}3dan new to itcat new to it'],
    ]);
  });

  it('is not there where nothing is lacking', async () => {
    const users = [user('ann', ['French', 5]), user('ben', ['French', 4])];
    expect(sectionOf(await report({ [BUSY]: [{ date: '2026-11-22', users }] }))).toBe('');
  });
});

describe('coverage against targets', () => {
  /** Of the newest snapshot alone: targets are compared with no other. */
  async function reportOn(happen: (out: string) => void): Promise<string> {
    const out = exported({
      [BUSY]: KNOWN_WORLD[BUSY]?.filter(({ date }) => date === '2026-11-22') ?? [],
    });
    happen(out);
    const to = join(out, 'report.html');
    return readFileSync(await writeReport({ out, to, instanceId: BUSY }), 'utf8');
  }

  const sectionIn = (text: string): string =>
    firstOf(text, /(<section aria-labelledby="targets-.*?<\/section>)/s) ?? '';

  it('is not shown where nobody has set any', async () => {
    expect(sectionIn(await reportOn(() => undefined))).toBe('');
  });

  it('begins with the largest gaps, and names who is one level short, and lines that cannot be read', async () => {
    const shown = sectionIn(await reportOn((out) => writeTargets(out, KNOWN_TARGETS.slice(0, 5))));
    expect(shown).toContain('Of 5 coverage targets, 3 are not met.');
    expect(rowsIn(shown)).toEqual([
      ['Proficiency', 'Agents', 'Gap', 'One level short'],
      ['French Language from level 5', '2 of 9', '7', expect.stringMatching(/^2 .*ann\.smith/s)],
      ['Quenya Language from level 1', '0 of 2', '2', ''],
      ['Klingon Language from level 2', '0 of 1', '1', ''],
      ['French Language from level 3', '4 of 1', '', '1 eve.jones'],
      ['French Language from level 4', '4 of 4', '', ''],
    ]);
    expect(shown).toContain('1 line of targets/coverage.csv cannot be read:');
    expect(shown).toMatch(/line 7: minimum_level is &quot;none&quot;, which is no level/);
  });

  it('says that all are met', async () => {
    const shown = sectionIn(await reportOn((out) => writeTargets(out, KNOWN_TARGETS.slice(0, 2))));
    expect(shown).toContain('Nothing is missing: 2 coverage targets.');
  });

  it('says that the file was changed since', async () => {
    const text = await reportOn((out) => {
      mkdirSync(join(out, 'targets'));
      writeFileSync(join(out, TARGETS_FILE_KEY), 'attribute_name');
    });
    expect(sectionIn(text)).toContain('run npx proficiencies derive, then write the report again.');
  });
});

it('says at the top of the changes which proficiency nobody has now', async () => {
  const text = await report(KNOWN_WORLD, { instanceId: BUSY, date: '2026-11-21' });
  const changes = firstOf(
    text,
    /Changed proficiencies, the weightiest first.*?<tbody>(.*?)<\/tbody>/s,
  );
  expect(changes).toMatch(/^\s*<tr>.*Klingon.*removed, was 2 .*nobody has it now.*<\/tr>\n/);
});

it('without names it has no login name, first or last name, and goes by ids', async () => {
  const isName = ({ username, details }: WorldUser) => [
    username,
    details?.first_name,
    details?.last_name,
  ];
  const snapshots = KNOWN_WORLD[BUSY]?.filter(({ date }) => date <= '2026-11-21') ?? [];
  // One name is that of an attribute and of a team, too, and short ones are parts of ids.
  const names = snapshots
    .flatMap(({ users }) => users.flatMap(isName))
    .filter((name) => typeof name === 'string')
    .filter((name) => name !== ODD && name.length > 3);
  const out = exported({ [BUSY]: snapshots });
  writeTargets(out, KNOWN_TARGETS);
  const to = join(out, 'report.html');
  const written = async (usernames: boolean) =>
    readFileSync(await writeReport({ out, to, usernames }), 'utf8');
  const [named, nameless] = [await written(true), await written(false)];
  const inText = (text: string) =>
    names.filter((name) => text.includes(name) || text.includes(escaped(name)));
  expect(inText(named)).toEqual(expect.arrayContaining(['ann.smith', 'eve.jones', 'Hara']));
  expect(inText(nameless)).toEqual([]);
  expect(nameless).toContain('Agents are shown by their ids: their names were left out');
  expect(nameless).toMatch(/<bdi>user-[a-z]{3}<\/bdi>/);
});

it('narrowed to a team it says so, and names nobody else', async () => {
  const text = await report(KNOWN_WORLD, {
    instanceId: BUSY,
    team: 'Berlin',
    routingProfile: 'Sales',
  });
  expect(text).toContain(
    'Only agents in the team <strong><bdi>Berlin</bdi></strong> with the routing profile <strong><bdi>Sales</bdi></strong>',
  );
  expect(text).toContain('ann.smith');
  expect(text).not.toContain('eve.jones');
  expect(text).not.toContain('Coverage against targets');
});
