import { COMMAND_NAME } from '../../contract/command-name.ts';
import { TARGETS_FILE_KEY } from '../../contract/keys.ts';
import { areTargetsCurrent } from '../../derive/targets/derive-targets.ts';
import { folderStore } from '../store/folder-store.ts';
import type { Ask } from './doubts.ts';
import { tablesRead } from './tables-read.ts';

/** Whether a folder's targets are not those of its file any more, or were never derived. */
export const areTargetsBehind = async (folder: string): Promise<boolean> =>
  (await areTargetsCurrent(folderStore(folder))) === false;

/**
 * Says what an answer about coverage targets leaves out: a file that was not derived since it was changed, lines of it that cannot be
 * read. Nothing where the question is about something else.
 *
 * @param sql the question
 * @param place where the targets are, as a person named it
 */
export async function targetsLeftOut(
  ask: Ask,
  sql: string,
  folder: string,
  place: string,
): Promise<readonly string[]> {
  if (!tablesRead(sql).has('coverage_targets')) return [];
  const derive = `npx ${COMMAND_NAME} derive --out ${place}`;
  if (await areTargetsBehind(folder)) {
    return [`The targets in ${TARGETS_FILE_KEY} are not those of the answer: run ${derive}.`];
  }
  const unread = await ask('SELECT line_number FROM coverage_targets WHERE problem IS NOT NULL');
  if (unread.length === 0) return [];
  const isWholeFile = unread.some(([line]) => line === null);
  const lines = unread.length === 1 ? 'One line of ' : `${unread.length} lines of `;
  return [`${isWholeFile ? '' : lines}${TARGETS_FILE_KEY} cannot be read: ${derive} says why.`];
}
