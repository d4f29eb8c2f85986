import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReportOptions, writeReport } from '../../../cli/report/write-report.ts';
import { escaped } from '../../../report/html.ts';
import {
  type PublishedWorld,
  type WorldUser,
  writeTargets,
  writeWorld,
} from '../../support/published-world.ts';
import { ODD_USERS } from '../../support/report-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_TARGETS, KNOWN_WORLD, ODD } from '../query/known-world.ts';

const newFolder = temporaryFolders();

function exported(world: PublishedWorld): string {
  const out = newFolder();
  writeWorld(out, world);
  writeTargets(out, KNOWN_TARGETS);
  return out;
}

const SNAPSHOTS = KNOWN_WORLD[BUSY]?.filter(({ date }) => date <= '2026-11-21') ?? [];

let out: string;
/** Snapshots of nobody, on whom a report is written soonest. */
let nobody: string;
/** Two folders that were not there, and the report in them. */
let folder: string;
let to: string;
let text: string;

const written = async (options: Omit<ReportOptions, 'out' | 'to'> = {}): Promise<string> =>
  readFileSync(await writeReport({ ...options, out, to }), 'utf8');

beforeAll(async () => {
  const withOddUsers = SNAPSHOTS.map((one) => ({ ...one, users: [...one.users, ...ODD_USERS] }));
  out = exported({ [BUSY]: withOddUsers });
  nobody = exported({ [EMPTY]: [{ date: '2026-11-21', users: [] }] });
  folder = join(newFolder(), 'a', 'b');
  to = join(folder, 'skills.html');
  text = await written();
});

describe('the file', () => {
  it('needs nothing else: no address but those of its own anchors', () => {
    expect(text).not.toMatch(/<(img|iframe|object|embed|base|form)/i);
    const addresses = [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, one]) => one);
    expect(addresses.filter((address) => !address?.startsWith('#'))).toEqual(['data:,']);
    expect(text).not.toMatch(/@import|url\(/);
  });

  it('has one script, which the browser knows by its hash: it refuses any other, and requests', () => {
    const scripts = [...text.matchAll(/<script([^>]*)>(.*?)<\/script/gs)];
    expect(scripts.map(([, kind]) => kind)).toEqual([' type="application/json"', '']);
    const hash = createHash('sha256')
      .update(scripts[1]?.[2] ?? '')
      .digest('base64');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1];
    expect(policy?.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
      "style-src 'unsafe-inline'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('has all that there is to say of an instance, in its order', () => {
    const titles = [...text.matchAll(/<h3[^>]*>([^<]*)<\/h3>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Find agents',
      'Coverage',
      'Coverage against targets',
      'Single points of failure',
      'Who to train next',
      'Changes',
      'Trends',
      'Proficiencies per agent',
      'Run health',
    ]);
  });

  it('without names has no login name, first or last name, and goes by ids', async () => {
    const nameless = await written({ usernames: false });
    const isName = ({ username, details }: WorldUser) => [
      username,
      details?.first_name,
      details?.last_name,
    ];
    // One name is that of an attribute and of a team, too, and short ones are parts of ids.
    const names = SNAPSHOTS.flatMap(({ users }) => users.flatMap(isName))
      .filter((name) => typeof name === 'string')
      .filter((name) => name !== ODD && name.length > 3);
    const namesIn = (report: string) =>
      names.filter((name) => report.includes(name) || report.includes(escaped(name)));
    expect(namesIn(text)).toEqual(expect.arrayContaining(['ann.smith', 'eve.jones', 'Hara']));
    expect(namesIn(nameless)).toEqual([]);
    expect(nameless).toContain('Agents are shown by their ids: their names were left out');
    expect(nameless).toMatch(/<bdi>user-[a-z]{3}<\/bdi>/);
  });
});

describe('writing', () => {
  it('makes the folders it needs, and leaves nothing else behind', () => {
    expect(readdirSync(folder)).toEqual(['skills.html']);
  });

  it('replaces an earlier report', async () => {
    const earlier = join(newFolder(), 'report.html');
    writeFileSync(earlier, 'the one before');
    await writeReport({ out: nobody, to: earlier });
    expect(readFileSync(earlier, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('says what to do where the file cannot be written, and leaves what is there', async () => {
    const elsewhere = newFolder();
    mkdirSync(join(elsewhere, 'report.html', 'kept'), { recursive: true });
    await expect(
      writeReport({ out: nobody, to: join(elsewhere, 'report.html') }),
    ).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(/has a folder where a file must be: choose another folder/),
    });
    expect(readdirSync(elsewhere)).toEqual(['report.html']);
    expect(readdirSync(join(elsewhere, 'report.html'))).toEqual(['kept']);
  });

  it('leaves the earlier report where there is no such snapshot', async () => {
    writeFileSync(to, 'the one before');
    await expect(written({ date: '2020-01-01' })).rejects.toThrow(
      'There is no published snapshot dated 2020-01-01',
    );
    expect(readFileSync(to, 'utf8')).toBe('the one before');
  });
});
