import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from './folder-failure.ts';

/**
 * Who may replace an object next: compare-and-swap out of `rename`, without a lock.
 *
 * Each key that was ever replaced has a folder with exactly one empty file. Its name is the id of
 * the staged content that was chosen last. To be chosen, a writer renames this file from the id it
 * saw to its own id: of several writers that saw the same id, the file system lets one succeed.
 * Ids are never used twice, so a writer that slept cannot mistake a later state for the one it saw.
 * A killed process leaves nothing that blocks others, since whoever finds a chosen content that is
 * not in its place yet puts it there (`complete` in replace.ts).
 */
export interface Turns {
  /** The id of the content chosen last, or nothing where the key was never replaced. */
  last(key: string): Promise<string | undefined>;
  /** Makes the first replacement of a key possible; harmless where it is already. */
  begin(key: string): Promise<void>;
  /** Chooses the next content; false where another writer was first. */
  take(key: string, last: string, next: string): Promise<boolean>;
}

/** @param staging a folder of the same file system, for folders in the making */
export function turnsIn(folder: string, staging: string): Turns {
  /** Keys may be longer than a file name. */
  const folderOf = (key: string): string =>
    join(folder, createHash('sha256').update(key).digest('hex'));

  return {
    async last(key) {
      // A name that changes while the folder is read may be missed: then `begin` is harmless.
      const [id] = await unless(readdir(folderOf(key)), ['ENOENT'], []);
      return id;
    },

    async begin(key) {
      const made = join(staging, randomUUID());
      await mkdir(made);
      await writeFile(join(made, randomUUID()), '');
      // The file system refuses to move a folder over one that holds a name.
      await unless(rename(made, folderOf(key)), ['ENOTEMPTY', 'EEXIST'], undefined);
      await rm(made, { recursive: true, force: true });
    },

    async take(key, last, next) {
      const renamed = rename(join(folderOf(key), last), join(folderOf(key), next));
      return unless(
        renamed.then(() => true),
        ['ENOENT'],
        false,
      );
    },
  };
}
