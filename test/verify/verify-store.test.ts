import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { folderStore } from '../../cli/store/folder-store.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { manifestKey, snapshotKey } from '../../contract/keys.ts';
import type { Verdict } from '../../verify/verify-span.ts';
import { verifyStore } from '../../verify/verify-store.ts';
import { scriptedConnect } from '../support/scripted-connect.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { type } from '../support/terminal.ts';
import { INSTANCE, until, world } from '../support/world.ts';

const newFolder = temporaryFolders();
const DATE = '2026-11-23';

let exported: string;

beforeAll(async () => {
  exported = newFolder();
  await world(scriptedConnect(3)).slice({}, { store: folderStore(exported) });
});

/** A folder of its own with one snapshot of three users. */
function published(): { folder: string; snapshot: string; manifest: string } {
  const folder = newFolder();
  cpSync(exported, folder, { recursive: true });
  return {
    folder,
    snapshot: join(folder, snapshotKey(INSTANCE, DATE)),
    manifest: join(folder, manifestKey(INSTANCE, DATE)),
  };
}

/** A while after the world's clock. */
const NOW = new Date('2026-11-25T00:00:00Z');

async function verdicts(folder: string): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for await (const verdict of verifyStore(folderStore(folder), NOW)) all.push(verdict);
  return all;
}

/** Changes the rows and compresses them again. */
function edit(file: string, change: (lines: string[]) => string[]): void {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  writeFileSync(file, gzipSync(`${change(lines).join('\n')}\n`));
}

/** Changes a text of every row, and the manifest with it: what another writer could have published. */
function respell(snapshot: string, manifest: string, from: string, to: string): void {
  edit(snapshot, (lines) => lines.map((line) => line.replace(from, to)));
  const bytes = readFileSync(snapshot);
  const sha256 = createHash('sha256').update(gunzipSync(bytes)).digest('hex');
  const said = readFileSync(manifest, 'utf8')
    .replace(/"bytes":\d+/, `"bytes":${bytes.byteLength}`)
    .replace(/"sha256":"[^"]*"/, `"sha256":"${sha256}"`);
  writeFileSync(manifest, said);
}

it('takes a manifest with the fields of version 0.1.0', async () => {
  const { folder, manifest } = published();
  const later = /"(texts_replaced|proficiencies_repeated|next_due)":(0|"none"),/g;
  const earlier = readFileSync(manifest, 'utf8')
    .replaceAll(later, '')
    .replace(/"user_details":.*"exporter_version"/, '"exporter_version"');
  rmSync(join(folder, 'attributes'), { recursive: true });
  expect(Object.keys(JSON.parse(earlier))).toHaveLength(19);
  writeFileSync(manifest, earlier);
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ problems: [] })]);
});

it('finds nothing wrong with a whole pair of surrogates, escaped', async () => {
  const { folder, snapshot, manifest } = published();
  respell(snapshot, manifest, '"username":"', '"username":"\\uD83C\\uDF19');
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ problems: [] })]);
});

it('finds nothing wrong with what was published', async () => {
  const { folder } = published();
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ problems: [] })]);
});

it.each([
  ['is set back by a day in mid-run', -86_400],
  ['is set forward by a day in mid-run', 86_400],
])('finds nothing wrong where a clock %s', async (_, jump) => {
  const folder = newFolder();
  const { connect, pass, slice } = world(scriptedConnect(6));
  const store = folderStore(folder);
  const event = { scheduledTime: `${DATE}T02:00:00Z` };
  await slice(event, { store, deadline: until(() => connect.asked.length >= 3) });
  pass(jump);
  expect(await slice(event, { store })).toMatchObject({ status: 'PUBLISHED' });
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ problems: [] })]);
});

it.each([
  ['Pacific/Kiritimati', '2026-11-23T10:00:00Z', '2026-11-24'],
  ['Etc/GMT+12', '2026-11-23T11:59:59.999Z', '2026-11-22'],
])('finds nothing wrong with the dates of %s', async (timeZone, scheduledTime, date) => {
  const folder = newFolder();
  const { slice } = world(scriptedConnect(1));
  await slice({ scheduledTime }, { store: folderStore(folder) }, { timeZone });
  expect(await verdicts(folder)).toEqual([
    expect.objectContaining({
      partition: { instanceId: INSTANCE, snapshotDate: date },
      problems: [],
    }),
  ]);
});

it.each<[string, (files: { snapshot: string; manifest: string }) => void, RegExp]>([
  [
    'a byte appended',
    ({ snapshot }) =>
      writeFileSync(snapshot, Buffer.concat([readFileSync(snapshot), Buffer.of(0)])),
    /size in bytes is \d+, but the manifest says \d+/,
  ],
  [
    'a row taken away',
    ({ snapshot }) => edit(snapshot, (lines) => lines.slice(1)),
    /size in bytes is \d+, but/,
  ],
  [
    'a byte flipped',
    ({ snapshot }) => {
      const bytes = readFileSync(snapshot);
      bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
      writeFileSync(snapshot, bytes);
    },
    /cannot be read as gzip NDJSON|SHA-256 of the rows is/,
  ],
  [
    'half a character in a text',
    ({ snapshot, manifest }) => respell(snapshot, manifest, '"username":"', '"username":"\\uD83C'),
    /a text in it holds half of a surrogate pair/,
  ],
  [
    'a name that is none, and a field that nobody knows',
    ({ snapshot, manifest }) => respell(snapshot, manifest, '"username":"', '"username":7,"was":"'),
    /it cannot be read as gzip NDJSON of users \(a row, field "username": expected string; unknown field "was"\)$/m,
  ],
  [
    'a checksum changed in the manifest',
    ({ manifest }) =>
      writeFileSync(
        manifest,
        readFileSync(manifest, 'utf8').replace(/"sha256":"../, '"sha256":"zz'),
      ),
    /SHA-256 of the rows is [0-9a-f]{64}, but the manifest says zz/,
  ],
  [
    'a count changed in the manifest',
    ({ manifest }) =>
      writeFileSync(
        manifest,
        readFileSync(manifest, 'utf8').replace('"users_listed":3', '"users_listed":4'),
      ),
    /4 users were listed, but 3 are accounted for/,
  ],
  [
    'a manifest that is none',
    ({ manifest }) => writeFileSync(manifest, '{}'),
    /manifest\.json is damaged/,
  ],
])('finds %s', async (_, tamper, problem) => {
  const { folder, ...files } = published();
  tamper(files);
  const [verdict] = await verdicts(folder);
  expect(verdict?.problems.join()).toMatch(problem);
});

it('a snapshot that is not what was published is told, and makes the command fail', async () => {
  const { folder, snapshot } = published();
  edit(snapshot, (lines) => lines.slice(1));
  const { exitCode, stdout, stderr } = await type('verify', folder);
  expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/size in bytes is \d+, but/)]);
  expect(stderr).toContain('snapshots are not what was published');
});

describe('in a manifest', () => {
  let files: ReturnType<typeof published>;
  let said: string;
  beforeAll(() => {
    files = published();
    said = readFileSync(files.manifest, 'utf8');
  });

  it.each<[from: string, to: string, problem: RegExp]>([
    ['users_exported":3', 'users_exported":2', /number of users is 3, but the manifest says 2/],
    [
      'users_without_proficiencies":0',
      'users_without_proficiencies":1',
      /number of users without proficiencies is 0, but the manifest says 1/,
    ],
    ['texts_replaced":0', 'texts_replaced":1', /number of texts with U\+FFFD is 0, but/],
    [
      'region":"us-east-1',
      'region":"eu-west-2',
      /3 rows are of another run, date, instance or Region/,
    ],
    [
      '"key":"snapshots/',
      '"key":"snapshot/',
      /key of the snapshot is snapshots\/.*says snapshot\//,
    ],
    ['date":"2026-11-23', 'date":"2026-11-24', /date of its key is 2026-11-23, but .* 2026-11-24/],
    [`instance_id":"${INSTANCE}`, 'instance_id":"another', /instance of its key is .* another/],
    ['run_id":"2026', 'run_id":"2O26', /the run id "2O26.*" tells no time/],
    ['run_id":"20261123T02', 'run_id":"20261125T02', /in no time zone the run .* on 2026-11-23/],
    ['run_id":"20261123T02', 'run_id":"20261126T02', /began at 2026-11-23.*, before it was asked/],
    ['scheduled_time":null', `scheduled_time":"${DATE}T03:00:00.000Z"`, /not the time of its id/],
    ['trigger":"manual', 'trigger":"schedule', /the schedule started it, but it has no scheduled/],
    ['started_at":"2026', 'started_at":"2027', /finished at 2026.*, before it began at 2027/],
    ['started_at":"2026', 'started_at":"2027', /row was fetched at 2026.*, before the run began/],
    ['finished_at":"2026', 'finished_at":"2020', /finished at 2020.*, before it began at 2026/],
    [
      'finished_at":"2026',
      'finished_at":"2020',
      /row was fetched at 2026.*, after the run finished/,
    ],
    ['finished_at":"2026', 'finished_at":"2099', /finished at 2099.*, which is in the future/],
    ['slices":1', 'slices":0', /finished in 0 slices/],
    ['next_due":"none"', `next_due":"${DATE}"`, /next snapshot is due on .* not after/],
  ])('finds %s, changed to %s', async (from, to, problem) => {
    const { folder, manifest } = files;
    writeFileSync(manifest, said.replace(from, to));
    const [verdict] = await verdicts(folder);
    expect(verdict?.problems.join()).toMatch(problem);
  });
});

it('names a snapshot without a manifest', async () => {
  const { folder, manifest } = published();
  rmSync(manifest);
  const [verdict] = await verdicts(folder);
  expect(verdict?.problems.join()).toContain('it has no manifest');
});

it('says where there is no snapshot at all', async () => {
  const folder = newFolder();
  expect(await type('verify', folder)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `There is no snapshot in ${folder}; export one first.\n`,
  });
});

it('leaves alone what is not a snapshot or its manifest', async () => {
  const { folder, snapshot, manifest } = published();
  writeFileSync(join(folder, 'snapshots', '.DS_Store'), 'x');
  writeFileSync(join(folder, 'manifests', 'Thumbs.db'), 'x');
  writeFileSync(`${snapshot}.part`, 'x');
  writeFileSync(join(manifest, '..', '.DS_Store'), 'x');
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ problems: [] })]);
});

describe('several snapshots', () => {
  const OTHER = '22222222-2222-4333-8444-555555555555';
  let folder: string;

  beforeAll(async () => {
    folder = newFolder();
    for (const [instanceId, day] of [
      [INSTANCE, '21'],
      [INSTANCE, '22'],
      [OTHER, '22'],
    ] as const) {
      const at = world(scriptedConnect(3));
      const scheduledTime = `2026-11-${day}T02:00:00Z`;
      await at.slice({ instanceId, scheduledTime }, { store: folderStore(folder) });
    }
  });

  it.each<[string[], number]>([
    [[], 3],
    [['--date', '2026-11-22'], 2],
    [['--since', '2026-11-22'], 2],
    [['--instance-id', INSTANCE], 2],
    [['--instance-id', OTHER, '--since', '2026-11-21'], 1],
  ])('are narrowed by %j', async (words, count) => {
    const { exitCode, stdout } = await type('verify', folder, ...words);
    expect([exitCode, stdout.match(/^ok /gm)?.length]).toEqual([0, count]);
  });

  it('says where none is left', async () => {
    expect(await type('verify', folder, '--date', '2026-11-20')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `There is no such snapshot in ${folder}; leave out --instance-id, --date and --since to see all.\n`,
    });
  });

  it('may be demanded to be recent', async () => {
    // The world's clock stands at the beginning of 2026-11-23.
    const age = Math.ceil((Date.now() - Date.parse('2026-11-23T02:00:00Z')) / 3_600_000);
    expect(await type('verify', folder, '--not-older-than', String(age + 1))).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    const { exitCode, stderr } = await type('verify', folder, '--not-older-than', '1');
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/^The newest good snapshot is more than an hour old for .*02:00:00/),
    ]);
  });

  it('do not hide each other where one cannot be read', async () => {
    const store = folderStore(folder);
    const refusing = {
      ...store,
      get: (key: string) =>
        key === manifestKey(INSTANCE, '2026-11-21')
          ? Promise.reject(new ExportFailure('InvalidRequest', `${key} is in an archive.`))
          : store.get(key),
    };
    const all: Verdict[] = [];
    for await (const verdict of verifyStore(refusing, NOW)) all.push(verdict);
    expect(all.map(({ problems }) => problems)).toEqual([
      [expect.stringContaining('is in an archive')],
      [],
      [],
    ]);
  });
});
