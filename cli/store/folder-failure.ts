import * as z from 'zod/mini';
import { ExportFailure, type FailureName } from '../../contract/failure.ts';

/** What was tried with a folder, as it stands after "cannot be". */
type Use = 'read' | 'written to';

/** What a folder is for. */
export type Whose = 'output' | 'cache' | 'temporary';

/** What is said of a folder. */
interface Trouble {
  readonly name: FailureName;
  readonly what: (use: Use) => string;
  /** What a person can do about it where it is the folder of an output. */
  readonly remedy: string;
}

const ANOTHER = 'choose another folder';

const invalid = (what: Trouble['what'], remedy = ANOTHER): Trouble => ({
  name: 'InvalidRequest',
  what,
  remedy,
});

const NO_PERMISSION = invalid(
  (use) => `cannot be ${use}`,
  'change its permissions, or choose another folder',
);
const READ_ONLY = invalid(() => 'is on a read-only file system');
const NOT_A_FOLDER = invalid(() => 'is a file, or has one where a folder must be');
const NOT_A_FILE = invalid(() => 'has a folder where a file must be');
const SPLIT = invalid(
  () => 'spans two file systems, but a file can be put in place only within one',
);
const NAME_TOO_LONG = invalid(() => 'would hold a name that is too long', 'choose a shorter one');
/** macOS also refuses in this way where an app has no access to a folder, Linux where a file is immutable. */
const REFUSED = invalid((use) => `cannot be ${use}, because the operating system refuses it`);
const FULL: Trouble = {
  name: 'ServiceUnavailable',
  what: () => 'is on a disk that is full',
  remedy: 'free some space, then start again with --resume',
};
const UNKNOWN: Trouble = {
  name: 'ServiceUnavailable',
  what: (use) => `cannot be ${use}`,
  remedy: 'try again, or choose another folder',
};

/** What a person can do about a folder that no option names. */
const REMEDIES = {
  cache: 'set XDG_CACHE_HOME to another folder, or keep nothing by --no-cache',
  temporary: 'set TMPDIR to another folder',
} as const;

/** What an error of the file system means, by its code. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
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
  const { name, what, remedy } = TROUBLES[reported.code] ?? UNKNOWN;
  const todo = whose === 'output' ? remedy : REMEDIES[whose];
  const text = `The ${whose} folder ${root} ${what(use)}: ${todo} (${reported.message}).`;
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
