import { refuseRegionOfFolder } from '../arguments.ts';
import { s3Location } from '../store/s3-location.ts';
import { requireDuckDb } from './duckdb.ts';
import type { Extent } from './published-files.ts';
import { toQuestion } from './question.ts';
import type { Asked, Snapshots } from './snapshots.ts';

/** What is asked, and of what. */
export interface Asking extends Asked {
  /** A folder, or s3://bucket/prefix. */
  readonly place: string;
  /** Of the bucket; default: the one that the SDK would find. */
  readonly region: string | undefined;
  /** Whether what is read of a bucket is kept for the next question. */
  readonly keep: boolean;
}

async function inFolder<T>(
  folder: string,
  extent: Extent,
  asking: Asking,
  answer: (snapshots: Snapshots) => Promise<T>,
): Promise<T> {
  const { openSnapshots } = await import('./snapshots.ts');
  const { query, parameters, place } = asking;
  const snapshots = await openSnapshots(folder, { extent, about: asking });
  try {
    const answered = await answer(snapshots);
    for (const note of await snapshots.notesOn(query, parameters, place)) console.error(note);
    return answered;
  } finally {
    snapshots.close();
  }
}

/**
 * Answers a question from a folder or a bucket, and says on standard error what should be known about the answer.
 *
 * @throws WrongUsage where the question is wrong
 * @throws ExportFailure where it cannot be answered
 */
export async function withSnapshots<T>(
  asking: Asking,
  answer: (snapshots: Snapshots) => Promise<T>,
): Promise<T> {
  const { query, parameters, place, region, keep } = asking;
  // What is wrong whatever the snapshots hold is told first.
  toQuestion(query, parameters);
  refuseRegionOfFolder(place, region);
  await requireDuckDb();
  const location = s3Location(place);
  if (!location) return inFolder(place, 'whole', asking, answer);
  // The AWS SDK takes a while to load: only questions to a bucket wait for it.
  const { withExcerpt } = await import('../bucket/with-excerpt.ts');
  const { neededForQuery } = await import('../bucket/needed.ts');
  return withExcerpt(
    { location, region, keep },
    (bucket) => neededForQuery(bucket, place, query, parameters),
    (folder, { notes }) => {
      for (const note of notes) console.error(note);
      return inFolder(folder, 'excerpt', asking, answer);
    },
  );
}
