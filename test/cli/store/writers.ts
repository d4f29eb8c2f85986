/**
 * What a child process does in a folder until it is killed; run by crash.test.ts.
 *
 * Arguments: the folder, the job, the job's number.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
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

await jobs[job]?.();
