import * as z from 'zod/mini';
import { ExportFailure, type FailureName } from '../../contract/failure.ts';

/** What was tried with a folder, as it stands after "cannot be". */
type Use = 'read' | 'written to';

/** What a folder is for. */
type Whose = 'output' | 'cache';

interface Remedy {
  readonly name: FailureName;
  /** What is said of the folder, and what a person can do about it. */
  readonly says: (use: Use) => string;
}

const invalid = (says: Remedy['says']): Remedy => ({ name: 'InvalidRequest', says });

const NO_PERMISSION = invalid(
  (use) => `cannot be ${use}: change its permissions, or choose another folder`,
);
const READ_ONLY = invalid(() => 'is on a read-only file system: choose another folder');
const NOT_A_FOLDER = invalid(
  () => 'is a file, or has one where a folder must be: choose another folder',
);
const NOT_A_FILE = invalid(() => 'has a folder where a file must be: choose another folder');
const SPLIT = invalid(
  () =>
    'spans two file systems, but a file can be put in place only within one: choose another folder',
);
const NAME_TOO_LONG = invalid(() => 'would hold a name that is too long: choose a shorter one');
/** macOS also refuses in this way where an app has no access to a folder, Linux where a file is immutable. */
const REFUSED = invalid(
  (use) => `cannot be ${use}, because the operating system refuses it: choose another folder`,
);
const FULL: Remedy = {
  name: 'ServiceUnavailable',
  says: () => 'is on a disk that is full: free some space, then start again with --resume',
};
const UNKNOWN: Remedy = {
  name: 'ServiceUnavailable',
  says: (use) => `cannot be ${use}: try again, or choose another folder`,
};

/** What a person can do about an error of the file system, by its code. */
const REMEDIES: Readonly<Record<string, Remedy>> = {
  EACCES: NO_PERMISSION,
  EROFS: READ_ONLY,
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: NOT_A_FOLDER,
  EISDIR: NOT_A_FILE,
  EXDEV: SPLIT,
  ENAMETOOLONG: NAME_TOO_LONG,
  EPERM: REFUSED,
  ENOSYS: REFUSED,
  ENOTSUP: REFUSED,
  ENOSPC: FULL,
  EDQUOT: FULL,
};

/** The source of what is written failed, not the folder: `inWords` hands its error on as it is. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly error: unknown;

  constructor(error: unknown) {
    super('The source of the content failed.', { cause: error });
    this.error = error;
  }
}

/** What is written, as it comes: whatever fails in it is told apart from what the folder does. */
export async function* fromSource(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw new SourceFailure(error);
  }
}

/** An error of the operating system, as Node.js gives it. */
const systemError = z.object({ code: z.string(), syscall: z.string(), message: z.string() });

/** The code of an error of the operating system, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  systemError.safeParse(error).data?.code;

/** Puts an error of the operating system into words, and quotes it; any other error is handed back as it is. */
function folderFailure(error: unknown, root: string, use: Use, whose: Whose): unknown {
  if (error instanceof SourceFailure) return error.error;
  const { data: reported } = systemError.safeParse(error);
  if (!reported) return error;
  const { name, says } = REMEDIES[reported.code] ?? UNKNOWN;
  const text = `The ${whose} folder ${root} ${says(use)} (${reported.message}).`;
  return new ExportFailure(name, text, { cause: error });
}

/** Waits for a step of the store; an error of the operating system is put into words. */
export async function inWords<T>(
  root: string,
  use: Use,
  step: Promise<T>,
  whose: Whose = 'output',
): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw folderFailure(error, root, use, whose);
  }
}

/** Waits for a step of the file system; `otherwise` is the answer where it failed with one of these codes. */
export async function unless<T, U>(
  step: Promise<T>,
  codes: readonly string[],
  otherwise: U,
): Promise<T | U> {
  try {
    return await step;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return otherwise;
    throw error;
  }
}
