import { ExportFailure } from '../../contract/failure.ts';
import { COVERAGE_TARGETS_KEY, TARGETS_FILE_KEY } from '../../contract/keys.ts';
import { type Targets, targetLines } from '../../contract/target.ts';
import { isForeign } from '../../export/files/first-line.ts';
import { leaveUnread, readBytes, unchanged } from '../../export/files/json.ts';
import { gunzipLines, gzipLines, toLine } from '../../export/files/ndjson.ts';
import { overRivals } from '../../export/files/rivals.ts';
import type { Store, StoredObject } from '../../export/ports.ts';
import { MOST_BYTES, nothingRead, readTargets } from './read-targets.ts';

/** What people want, and what became of the object that tables read. */
export interface DerivedTargets {
  /** `none` where there has never been a file of targets. */
  readonly object: 'written' | 'unchanged' | 'none';
  /** `undefined` where there is no file of targets, or no longer. */
  readonly targets: Targets | undefined;
}

async function targetsIn(file: StoredObject): Promise<Targets> {
  if (file.bytes <= MOST_BYTES) return readTargets(await readBytes(file));
  await leaveUnread(file);
  return nothingRead(
    `it has ${file.bytes} bytes, and at most ${MOST_BYTES} are read; remove what is not needed`,
  );
}

/** The file of targets; `undefined` where there is none. */
async function readFile(store: Store): Promise<Targets | undefined> {
  const file = await store.get(TARGETS_FILE_KEY);
  return file && targetsIn(file);
}

/** The lines that the derived object is to hold. */
const linesOf = (targets: Targets | undefined): string[] =>
  targets ? targetLines(targets).map(toLine) : [];

/** The lines of the derived object, put together; `undefined` where it holds anything else. */
async function textIn({ body }: StoredObject): Promise<string | undefined> {
  let text = '';
  try {
    for await (const line of gunzipLines(body)) text += `${line}\n`;
  } catch (error) {
    if (!isForeign(error)) throw error;
    return undefined;
  }
  return text;
}

/** The file of targets, and the object that is derived from it. */
interface Found {
  readonly object: StoredObject | undefined;
  readonly targets: Targets | undefined;
  readonly lines: string[];
  readonly isCurrent: boolean;
}

/** The object is looked at before the file is: whoever replaces it in between has seen a file that is as new. */
async function look(store: Store): Promise<Found> {
  const object = await store.get(COVERAGE_TARGETS_KEY);
  const text = object && (await textIn(object));
  const targets = await readFile(store);
  const lines = linesOf(targets);
  return { object, targets, lines, isCurrent: text === lines.join('') };
}

/** Where the store refuses one of the two: to wait does not help, and nothing else is to fail for it. */
async function unlessRefused<T>(
  attempt: Promise<T>,
  refused: (failure: ExportFailure) => T,
): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name === 'ServiceUnavailable') throw error;
    return refused(error);
  }
}

/**
 * Whether the targets that tables read are those of people's file.
 *
 * @returns `undefined` where there is neither, or one of them may not be read
 * @throws ExportFailure ServiceUnavailable
 */
export async function areTargetsCurrent(store: Store): Promise<boolean | undefined> {
  const found = await unlessRefused<Found | undefined>(look(store), () => undefined);
  return found && (found.object || found.targets) ? found.isCurrent : undefined;
}

const derive = (store: Store): Promise<DerivedTargets> =>
  overRivals(store.uri(COVERAGE_TARGETS_KEY), async () => {
    const { object, targets, lines, isCurrent } = await look(store);
    if (!object && !targets) return { object: 'none', targets };
    if (isCurrent) return { object: 'unchanged', targets };
    await store.put(COVERAGE_TARGETS_KEY, await gzipLines(lines), unchanged(object));
    return { object: 'written', targets };
  });

/**
 * Writes the targets of people's file as tables want them, unless they are there. Where the file has gone, the object becomes empty.
 *
 * Where the store refuses one of the two, such as a file encrypted with a key of somebody else's, that is told as a problem of the
 * file, and the object stays as it is.
 *
 * @throws ExportFailure ServiceUnavailable, where waiting may help
 */
export const deriveTargets = (store: Store): Promise<DerivedTargets> =>
  unlessRefused(derive(store), ({ message }) => ({
    object: 'unchanged',
    targets: nothingRead(`it cannot be used: ${message.replace(/\.$/, '')}`),
  }));
