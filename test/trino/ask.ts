import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { installTrino } from './installation.ts';
import { openKnownLake } from './known-lake.ts';
import { bytesOf, keysOf } from './lake.ts';

/** `npx tsx test/trino/ask.ts "SQL"`: one statement, or a saved query by its name, on Trino over the tests' known snapshots. */
const [question = 'SHOW TABLES'] = process.argv.slice(2);
const sql = SAVED_QUERIES.find(({ name }) => name === question)?.sql ?? question;
const folder = mkdtempSync(join(tmpdir(), 'trino-'));
try {
  await installTrino(process.env, (sentence) => console.error(sentence));
  const lake = await openKnownLake(folder);
  try {
    const { columns, rows, reads } = await lake.watch(sql);
    console.log(columns.map(({ name, type }) => `${name} ${type}`).join(', '));
    for (const row of rows) console.log(JSON.stringify(row));
    console.log(
      `Read ${bytesOf(reads)} bytes of ${keysOf(reads).length} objects in ${reads.gets.length} requests; listed ${reads.lists.length} times.`,
    );
  } finally {
    await lake.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
