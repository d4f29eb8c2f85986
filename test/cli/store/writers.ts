/**
 * What a child process does in a folder until it is killed; run by crash.test.ts.
 *
 * Arguments: the folder, the job, the job's number.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { increment } from '../../support/store-reading.ts';

const [folder = '', job = '', number = ''] = process.argv.slice(2);
const store = folderStore(folder);

const jobs: Readonly<Record<string, () => Promise<void>>> = {
  /** Adds one as often as asked, and says so each time. */
  count: () => count(Number(number)),

  /** Writes in every way, for ever. */
  async everything() {
    for (let round = 0; ; round += 1) {
      await count(1);
      await store.put('snapshots/table', () => sealed(`${process.pid} ${round}`));
      await store.put(`runs/${process.pid}/${round}`, Buffer.from('part'), { ifNoneMatch: '*' });
    }
  },

  /** Replaces one object, and is killed before so many steps of the file system. */
  async replace() {
    const found = await store.get('key');
    await found?.body[Symbol.asyncIterator]().return?.();
    beforeStep(Number(number), kill);
    await store.put('key', Buffer.from('new'), { ifMatch: found?.etag ?? '' });
    console.log('done');
  },

  /** Replaces one object, and is suspended before so many steps of the file system. */
  async sleepyReplace() {
    const found = await store.get('key');
    await found?.body[Symbol.asyncIterator]().return?.();
    beforeStep(Number(number), suspend);
    await sayWhetherDone(store.put('key', Buffer.from('new'), { ifMatch: found?.etag ?? '' }));
  },

  /** Creates one object, and is suspended before so many steps of the file system. */
  async sleepyCreate() {
    beforeStep(Number(number), suspend);
    await sayWhetherDone(store.put('key', Buffer.from('new'), { ifNoneMatch: '*' }));
  },

  /** Creates one object, and is killed before so many steps of the file system. */
  async create() {
    beforeStep(Number(number), kill);
    await store.put('key', Buffer.from('new'), { ifNoneMatch: '*' });
    console.log('done');
  },
};

async function count(times: number): Promise<void> {
  for (let done = 0; done < times; done += 1) {
    await increment(store, 'counter', 1);
    writeSync(1, 'counted\n');
  }
}

/** A content that tells whether it is whole: its first line is the SHA-256 of the rest. */
async function* sealed(label: string): AsyncGenerator<Uint8Array> {
  const rest = `${label}\n`.repeat(20_000);
  yield Buffer.from(`${createHash('sha256').update(rest).digest('hex')}\n`);
  for (let start = 0; start < rest.length; start += 50_000) {
    yield Buffer.from(rest.slice(start, start + 50_000));
  }
}

async function sayWhetherDone(write: Promise<unknown>): Promise<void> {
  try {
    await write;
    console.log('done');
  } catch (error) {
    console.log(error instanceof Error ? error.name : error);
  }
}

const kill = (): void => void process.kill(process.pid, 'SIGKILL');

function suspend(): void {
  writeSync(1, 'suspended\n');
  process.kill(process.pid, 'SIGSTOP');
}

function beforeStep(step: number, strike: () => void): void {
  let steps = 0;
  const names = ['mkdir', 'open', 'readdir', 'rename', 'rm', 'stat', 'writeFile'] as const;
  for (const name of names) {
    const original: unknown = Reflect.get(fs, name);
    Reflect.set(fs, name, (...parameters: unknown[]) => {
      steps += 1;
      if (steps === step) strike();
      return typeof original === 'function' && Reflect.apply(original, fs, parameters);
    });
  }
  syncBuiltinESMExports();
}

await jobs[job]?.();
