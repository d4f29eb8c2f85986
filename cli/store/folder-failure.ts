import { ExportFailure, type FailureName } from '../../lambda/contract/failure.ts';

const NOT_WRITABLE = 'may not be written to: change its permissions, or choose another folder';
const NOT_A_FOLDER = 'is a file, or has one where a folder must be: choose another folder';
const NOT_A_FILE = 'has a folder where a file must be: choose another folder';
const LACKS_LINKS =
  'is on a file system without hard links, which safe writing needs: choose a folder on a local disk';
const FULL = 'is on a disk that is full: free some space, then start again with --resume';
const SPLIT =
  'spans two file systems, but a file can be put in place only within one: choose another folder';

/** What a person can do about an error of the file system, by its code. */
const REMEDIES: Readonly<Record<string, readonly [FailureName, string]>> = {
  EACCES: ['InvalidRequest', NOT_WRITABLE],
  EPERM: ['InvalidRequest', NOT_WRITABLE],
  EROFS: ['InvalidRequest', NOT_WRITABLE],
  ENOTDIR: ['InvalidRequest', NOT_A_FOLDER],
  EEXIST: ['InvalidRequest', NOT_A_FOLDER],
  EISDIR: ['InvalidRequest', NOT_A_FILE],
  ENOTSUP: ['InvalidRequest', LACKS_LINKS],
  EXDEV: ['InvalidRequest', SPLIT],
  ENOSPC: ['ServiceUnavailable', FULL],
  EDQUOT: ['ServiceUnavailable', FULL],
};

/** The code of an error of the file system, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** Puts an error of the file system into words; any other error is handed back as it is. */
export function folderFailure(error: unknown, root: string): unknown {
  const code = codeOf(error);
  const remedy = code === undefined ? undefined : REMEDIES[code];
  if (!remedy) return error;
  const [name, text] = remedy;
  return new ExportFailure(name, `The output folder ${root} ${text} (${code}).`, { cause: error });
}

/** Waits for a step of the store; an error of the file system is put into words. */
export async function inWords<T>(root: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw folderFailure(error, root);
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
