import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { PreconditionFailed } from '../../../export/ports.ts';
import { failingAfter } from '../../support/bodies.ts';
import { storeContract } from '../../support/store-contract.ts';
import { infoOf, keysOf, textOf } from '../../support/store-reading.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const content = Buffer.from('content');
const newFolder = temporaryFolders();

storeContract('a folder', async () => folderStore(newFolder()), {
  remove: ({ uri }, key) => rmSync(uri(key)),
  // It answers all at once, however many they are.
  many: 20,
});

describe('the folder', () => {
  test('holds objects as plain files, and nothing else beside them', async () => {
    const root = newFolder();
    const store = folderStore(root);
    const { etag } = await store.put('snapshots/a=1/b=2/table.gz', content);
    await store.put('snapshots/a=1/b=2/table.gz', content, { ifMatch: etag });
    expect(readdirSync(join(root, 'snapshots/a=1/b=2'))).toEqual(['table.gz']);
    expect(readFileSync(store.uri('snapshots/a=1/b=2/table.gz'), 'utf8')).toBe('content');
    expect(readdirSync(root).sort()).toEqual(['.store', 'snapshots']);
    expect(readdirSync(join(root, '.store/staged'))).toEqual([]);
    expect(await keysOf(store, '')).toEqual(['snapshots/a=1/b=2/table.gz']);
    expect(await keysOf(store, '.store/')).toEqual([]);
  });

  test('keeps nothing of a write whose source broke', async () => {
    const root = newFolder();
    await expect(folderStore(root).put('key', failingAfter(1))).rejects.toThrow('source broke');
    expect(readdirSync(root)).toEqual(['.store']);
    expect(readdirSync(join(root, '.store/staged'))).toEqual([]);
  });

  test('is made by the first write, not before', async () => {
    const root = join(newFolder(), 'a', 'b');
    const store = folderStore(root);
    expect(await store.get('key')).toBeUndefined();
    expect(await keysOf(store, '')).toEqual([]);
    expect(readdirSync(join(root, '..', '..'))).toEqual([]);
    await store.put('key', content);
    expect(await textOf(store, 'key')).toBe('content');
  });

  test('may be changed by hand: that is another object then', async () => {
    const store = folderStore(newFolder());
    const { etag } = await store.put('key', content);
    writeFileSync(store.uri('key'), 'changed');
    await expect(store.put('key', content, { ifMatch: etag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await textOf(store, 'key')).toBe('changed');
  });

  test('may hold hidden files of an operating system: they are no objects, and no turns', async () => {
    const root = newFolder();
    const store = folderStore(root);
    const { etag } = await store.put('a/key', content);
    const [turn = ''] = readdirSync(join(root, '.store/turns'));
    // Many: the order in which a folder is read is up to the file system.
    const hidden = Array.from({ length: 20 }, (_, i) => `._${i}`).sort();
    for (const name of hidden) {
      writeFileSync(join(root, 'a', name), '');
      writeFileSync(join(root, '.store/turns', turn, name), '');
    }
    await store.put('a/key', Buffer.from('next'), { ifMatch: etag });
    expect(await textOf(store, 'a/key')).toBe('next');
    expect(readdirSync(join(root, '.store/turns', turn))).toEqual(expect.arrayContaining(hidden));
    expect(await keysOf(store, '')).toEqual(['a/key']);
  });

  test.each(['EPERM', 'ENOSYS', 'ENOTSUP'])(
    'may be on a file system without hard links, where one answers %s',
    async (code) => {
      const refusal = Object.assign(new Error(code), { code, syscall: 'link' });
      const link = jest.spyOn(fs, 'link').mockRejectedValue(refusal);
      try {
        const store = folderStore(newFolder());
        const { etag } = await store.put('key', content, { ifNoneMatch: '*' });
        await store.put('key', Buffer.from('next'), { ifMatch: etag });
        expect(await textOf(store, 'key')).toBe('next');
      } finally {
        link.mockRestore();
      }
    },
  );

  test.each(['EINVAL', 'EPERM', 'EISDIR', 'EOPNOTSUPP'])(
    'may be on a file system that cannot sync folders, where one answers %s',
    async (code) => {
      const original = fs.open;
      const open = jest.spyOn(fs, 'open').mockImplementation(async (...how) => {
        const handle = await original(...how);
        if (!(await handle.stat()).isDirectory()) return handle;
        const refusal = Object.assign(new Error(code), { code, syscall: 'fsync' });
        return Object.assign(handle, { sync: () => Promise.reject(refusal) });
      });
      try {
        const store = folderStore(newFolder());
        await store.put('key', content);
        expect(await textOf(store, 'key')).toBe('content');
      } finally {
        open.mockRestore();
      }
    },
  );

  /** As exFAT through FUSE does for a name that is being replaced. */
  test('may deny a file that it lists: that file is neither missing nor created again', async () => {
    const store = folderStore(newFolder());
    await store.put('key', content);
    const denial = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' });
    const original = fs.open;
    let denied = false;
    const open = jest.spyOn(fs, 'open').mockImplementation((path, ...more) => {
      if (path !== store.uri('key')) return original(path, ...more);
      denied = !denied;
      return denied ? Promise.reject(denial) : original(path, ...more);
    });
    try {
      expect(await textOf(store, 'key')).toBe('content');
      const again = store.put('key', Buffer.from('again'), { ifNoneMatch: '*' });
      await expect(again).rejects.toThrow(PreconditionFailed);
    } finally {
      open.mockRestore();
    }
    expect(await textOf(store, 'key')).toBe('content');
  });

  test('may hold a link that leads nowhere: there is no object', async () => {
    const root = newFolder();
    symlinkSync('nowhere', join(root, 'key'));
    expect(await folderStore(root).get('key')).toBeUndefined();
  });

  test('is swept of what was left a day ago, and of nothing younger', async () => {
    const root = newFolder();
    await folderStore(root).put('key', content);
    const staged = join(root, '.store/staged');
    for (const name of ['old', 'young']) writeFileSync(join(staged, name), 'left by a killed one');
    mkdirSync(join(staged, 'old-folder'));
    const twoDaysAgo = new Date(Date.now() - 2 * DAY_MS);
    for (const name of ['old', 'old-folder']) {
      utimesSync(join(staged, name), twoDaysAgo, twoDaysAgo);
    }
    await folderStore(root).put('key', content);
    expect(readdirSync(staged)).toEqual(['young']);
  });
});

/** A folder as version 0.1.0 left it, which created objects by hard links. */
function folderOfFirstVersion(): string {
  const root = newFolder();
  const turnOf = (key: string, id: string): void => {
    const name = createHash('sha256').update(key).digest('hex');
    mkdirSync(join(root, '.store/turns', name), { recursive: true });
    writeFileSync(join(root, '.store/turns', name, id), '');
  };
  mkdirSync(join(root, '.store/staged'), { recursive: true });
  for (const key of ['created', 'replaced', 'pending']) writeFileSync(join(root, key), key);
  turnOf('replaced', '6f1c0c5e-3b0b-4f52-9d0e-5d0c9f0f6b11');
  const killed = '0a7f1b0e-7f0c-4a53-8a3e-1e2f6a9c4d22';
  turnOf('pending', killed);
  writeFileSync(join(root, '.store/staged', killed), 'chosen');
  return root;
}

describe('a folder of version 0.1.0', () => {
  test.each([
    ['created', 'created'],
    ['replaced', 'replaced'],
    ['pending', 'chosen'],
  ])('is read and written: an object that was %s', async (key, text) => {
    const store = folderStore(folderOfFirstVersion());
    expect(await textOf(store, key)).toBe(text);
    const again = store.put(key, content, { ifNoneMatch: '*' });
    await expect(again).rejects.toThrow(PreconditionFailed);
    const { etag } = await infoOf(store, key);
    await store.put(key, content, { ifMatch: etag });
    await expect(store.put(key, content, { ifMatch: etag })).rejects.toThrow(PreconditionFailed);
    expect(await textOf(store, key)).toBe('content');
    expect(await keysOf(store, '')).toEqual(['created', 'pending', 'replaced']);
  });
});

test('a write that slept until its content was swept is not called done', async () => {
  const root = newFolder();
  let time = Date.now();
  const clock = (): Date => new Date(time);
  const store = folderStore(root, clock);
  await store.put('key', Buffer.from('old'));
  const sleepy = async function* (): AsyncGenerator<Uint8Array> {
    yield content;
    time += 2 * DAY_MS;
    await folderStore(root, clock).put('other', content);
  };
  await expect(store.put('key', sleepy)).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    message: expect.stringContaining(`Writing ${join(root, 'key')} took more than a day`),
  });
  expect(await textOf(store, 'key')).toBe('old');
  await store.put('key', Buffer.from('next'));
  expect(await textOf(store, 'key')).toBe('next');
});

describe('keys', () => {
  test.each([
    '',
    '/',
    '/etc/x',
    'a//b',
    'a/',
    '../x',
    'a/../../x',
    './a',
    'a\\b',
    'a\0b',
    '.store/x',
    'a/.hidden',
  ])('that lead elsewhere are refused: %j', async (key) => {
    const root = newFolder();
    const store = folderStore(root);
    const refusal = { name: 'InvalidRequest', message: expect.stringContaining(root) };
    await expect(store.put(key, content)).rejects.toMatchObject(refusal);
    await expect(store.get(key)).rejects.toMatchObject(refusal);
    expect(readdirSync(root)).toEqual([]);
  });

  test('never lead out of the folder, whatever they are', () => {
    const root = '/exports';
    const { uri } = folderStore(root);
    const segment = fc.oneof(fc.constantFrom('..', '.', '', '/', '\\', '~'), fc.string());
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        let path: string;
        try {
          path = uri(segments.join('/'));
        } catch {
          return;
        }
        expect(join(path, '.')).toBe(path);
        expect(path.startsWith(`${root}/`)).toBe(true);
      }),
    );
  });

  test('may be named like one another’s folders only in vain', async () => {
    const root = newFolder();
    const store = folderStore(root);
    await store.put('a/b', content);
    const refusal = { name: 'InvalidRequest', message: expect.stringContaining(root) };
    await expect(store.put('a', content)).rejects.toMatchObject(refusal);
    await expect(store.put('a/b/c', content)).rejects.toMatchObject(refusal);
    expect(await keysOf(store, '')).toEqual(['a/b']);
  });
});

describe('a folder that cannot be used is named, with the remedy', () => {
  test('a file', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, 'a file');
    const store = folderStore(file);
    await expect(store.put('key', content)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(new RegExp(`^The output folder ${file} .*another folder`)),
    });
    expect(readFileSync(file, 'utf8')).toBe('a file');
  });

  test('below a file', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, 'a file');
    await expect(folderStore(join(file, 'out')).put('key', content)).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });

  /** Not even root may write there. */
  test('one that cannot be written to', async () => {
    await expect(folderStore('/sys/exports').put('key', content)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(
        /^The output folder \/sys\/exports .*choose another folder \(E.*mkdir/,
      ),
    });
  });

  test('one that cannot be read, whatever the reason: it is quoted', async () => {
    const root = newFolder();
    symlinkSync('key', join(root, 'key'));
    const store = folderStore(root);
    const failure = (step: string) => ({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(
        `^The output folder ${root} cannot be read: .* \\(ELOOP: .*${step} '${root}/key/?'\\)\\.$`,
      ),
    });
    await expect(store.get('key')).rejects.toMatchObject(failure('open'));
    await expect(keysOf(store, 'key/')).rejects.toMatchObject(failure('scandir'));
  });

  test('is tried again with the next write', async () => {
    const root = join(newFolder(), 'out');
    writeFileSync(root, 'in the way');
    const store = folderStore(root);
    await expect(store.put('key', content)).rejects.toMatchObject({ name: 'InvalidRequest' });
    rmSync(root);
    await store.put('key', content);
    expect(await textOf(store, 'key')).toBe('content');
  });
});
