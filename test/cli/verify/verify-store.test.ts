import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { type Verdict, verifyStore } from '../../../cli/verify/verify-store.ts';
import { manifestKey, snapshotKey } from '../../../lambda/contract/keys.ts';
import { scriptedConnect } from '../../support/scripted-connect.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { INSTANCE, world } from '../../support/world.ts';

const newFolder = temporaryFolders();
const DATE = '2026-11-23';

/** A folder with one snapshot of three users. */
async function published(): Promise<{ folder: string; snapshot: string; manifest: string }> {
  const folder = newFolder();
  await world(scriptedConnect(3)).slice({}, { store: folderStore(folder) });
  return {
    folder,
    snapshot: join(folder, snapshotKey(INSTANCE, DATE)),
    manifest: join(folder, manifestKey(INSTANCE, DATE)),
  };
}

async function verdicts(folder: string): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for await (const verdict of verifyStore(folderStore(folder))) all.push(verdict);
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

it('takes a manifest that counts no replaced texts, as earlier versions wrote it', async () => {
  const { folder, manifest } = await published();
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"texts_replaced":0,/, ''));
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ rows: 3, problems: [] })]);
});

it('finds nothing wrong with a whole pair of surrogates, escaped', async () => {
  const { folder, snapshot, manifest } = await published();
  respell(snapshot, manifest, '"username":"', '"username":"\\uD83C\\uDF19');
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ rows: 3, problems: [] })]);
});

it('finds nothing wrong with what was published', async () => {
  const { folder } = await published();
  expect(await verdicts(folder)).toEqual([expect.objectContaining({ rows: 3, problems: [] })]);
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
  const { folder, ...files } = await published();
  tamper(files);
  const [verdict] = await verdicts(folder);
  expect(verdict?.problems.join()).toMatch(problem);
  const { exitCode, stdout, stderr } = await type('verify', folder);
  expect([exitCode, stdout]).toEqual([1, expect.stringMatching(problem)]);
  expect(stderr).toContain('snapshots are not what was published');
});

it('names a snapshot without a manifest', async () => {
  const { folder, manifest } = await published();
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
