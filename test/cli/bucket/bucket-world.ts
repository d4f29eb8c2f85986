import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openToRead } from '../../../cli/bucket/bucket.ts';
import { neededForQuery, neededForReport } from '../../../cli/bucket/needed.ts';
import { withExcerpt } from '../../../cli/bucket/with-excerpt.ts';
import type { Answer } from '../../../cli/query/answer.ts';
import type { GivenParameters } from '../../../cli/query/parameters.ts';
import { openSnapshots } from '../../../cli/query/snapshots.ts';
import type { Wanted } from '../../../report/editions.ts';
import type { FakeS3 } from '../../support/fake-s3/server.ts';

/** All files below a folder, by what their paths there are as keys. */
export function filesBelow(folder: string): Readonly<Record<string, Buffer>> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
  );
}

/** Puts files into a bucket, below a prefix. */
export function upload(s3: FakeS3, files: ReturnType<typeof filesBelow>, prefix = ''): void {
  for (const [key, bytes] of Object.entries(files)) s3.write(`${prefix}${key}`, bytes);
}

/** What a query needs of a bucket: its keys, and what should be known about the answer. */
export async function neededBy(s3: FakeS3, query: string) {
  const bucket = await openToRead({ bucket: s3.bucket, prefix: '' }, undefined);
  const { objects, notes } = await neededForQuery(bucket, `s3://${s3.bucket}/`, query, {});
  return { keys: objects.map(({ key }) => key).toSorted(), notes };
}

/** What a report needs. */
export async function neededByReport(s3: FakeS3, wanted: Wanted, prefix = '') {
  const bucket = await openToRead({ bucket: s3.bucket, prefix }, undefined);
  return (await neededForReport(bucket, wanted)).objects.map(({ key }) => key);
}

/** What is told of an answer, beside it. */
export interface Told {
  readonly answer: Answer;
  readonly notes: readonly string[];
}

/** Asks a bucket as `query` does. */
export const askBucket = (
  s3: FakeS3,
  query: string,
  parameters: GivenParameters = {},
  { prefix = '', keep = true } = {},
): Promise<Told> => {
  const place = `s3://${s3.bucket}/${prefix}`;
  return withExcerpt(
    { location: { bucket: s3.bucket, prefix }, region: undefined, keep },
    (bucket) => neededForQuery(bucket, place, query, parameters),
    async (folder, needed) => {
      const snapshots = await openSnapshots(folder, {
        extent: 'excerpt',
        about: { query, parameters },
      });
      try {
        const answer = await snapshots.run(query, parameters);
        return {
          answer,
          notes: [...needed.notes, ...(await snapshots.notesOn(query, parameters, place))],
        };
      } finally {
        snapshots.close();
      }
    },
  );
};

/** Asks a folder in the same way. */
export async function askFolder(
  folder: string,
  query: string,
  parameters: GivenParameters = {},
): Promise<Told> {
  const snapshots = await openSnapshots(folder, { about: { query, parameters } });
  try {
    return {
      answer: await snapshots.run(query, parameters),
      notes: await snapshots.notesOn(query, parameters, 'there'),
    };
  } finally {
    snapshots.close();
  }
}

/** The keys that were fetched since the last look. */
export function fetched(s3: FakeS3, since: number): readonly string[] {
  return s3.requests
    .slice(since)
    .filter(({ operation }) => operation === 'GetObject')
    .map(({ key }) => key)
    .toSorted();
}
