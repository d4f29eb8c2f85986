import type { Manifest } from '../contract/manifest.ts';
import { leaveUnread } from '../export/files/json.ts';
import type { Store } from '../export/ports.ts';
import { type RowFindings, readRows, type SaidByText } from './read-rows.ts';
import { differs, isTurnedRound, some } from './verify-manifest.ts';

/** A snapshot, looked at. */
interface Looked {
  /** What is wrong, a phrase each; empty where nothing is. */
  readonly problems: readonly string[];
  /** What its rows say; absent where it has others than its manifest describes, or too many to keep. */
  readonly said?: SaidByText;
}

function compare(found: RowFindings, manifest: Manifest): string[] {
  const { strangers, miscounted, twice } = found;
  const { snapshot, texts_replaced } = manifest;
  return [
    ...differs('size in bytes', found.bytes, snapshot.bytes),
    ...differs('number of rows', found.rows, snapshot.rows),
    ...differs('number of users', found.rows, manifest.users_exported),
    ...differs('SHA-256 of the rows', found.sha256, snapshot.sha256),
    ...differs('number of proficiencies', found.proficiencies, manifest.proficiencies),
    ...differs(
      'number of users without proficiencies',
      found.withoutProficiencies,
      manifest.users_without_proficiencies,
    ),
    // Version 0.1.0 did not count them.
    ...(texts_replaced === undefined
      ? []
      : differs('number of texts with U+FFFD', found.textsReplaced, texts_replaced)),
    ...some(strangers, 'rows are of another run, date, instance or Region than the manifest'),
    ...some(miscounted, 'rows have another number of proficiencies than they say'),
    ...some(twice, 'users are in it twice'),
  ];
}

function fetchedElsewhen({ firstFetched, lastFetched }: RowFindings, manifest: Manifest): string[] {
  const { started_at, finished_at } = manifest;
  return [
    ...(firstFetched !== undefined && isTurnedRound(started_at, firstFetched)
      ? [`a row was fetched at ${firstFetched}, before the run began at ${started_at}`]
      : []),
    ...(lastFetched !== undefined && isTurnedRound(lastFetched, finished_at)
      ? [`a row was fetched at ${lastFetched}, after the run finished at ${finished_at}`]
      : []),
  ];
}

/** Whether all that the snapshot says, and of each user once, is at hand. */
const isWhole = ({ sha256, rows, said, twice }: RowFindings, { snapshot }: Manifest): boolean =>
  sha256 === snapshot.sha256 && said.size === rows && twice === 0;

/**
 * Compares a snapshot, byte by byte and row by row, with what its manifest says of it.
 *
 * @param known what the rows of another snapshot of the instance say
 */
export async function verifySnapshot(
  store: Store,
  key: string,
  manifest: Manifest,
  known: SaidByText = new Map(),
): Promise<Looked> {
  const object = await store.get(key);
  if (!object) return { problems: ['the snapshot is missing'] };
  if (object.bytes !== manifest.snapshot.bytes) {
    await leaveUnread(object);
    return { problems: differs('size in bytes', object.bytes, manifest.snapshot.bytes) };
  }
  try {
    const found = await readRows(object.body, manifest, known);
    const problems = [...compare(found, manifest), ...fetchedElsewhen(found, manifest)];
    return { problems, ...(isWhole(found, manifest) && { said: found.said }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return { problems: [`it cannot be read as gzip NDJSON of users (${reason})`] };
  }
}
