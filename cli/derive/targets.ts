import { COVERAGE_TARGETS_KEY, TARGETS_FILE_KEY } from '../../contract/keys.ts';
import { problemInWords, type Targets } from '../../contract/target.ts';
import { deriveTargets } from '../../derive/targets/derive-targets.ts';
import type { Store } from '../../export/ports.ts';

/** More would push the rest off the screen. */
const MOST_TOLD = 20;

function problemsTold(file: string, { problems }: Targets): readonly string[] {
  const told = problems.slice(0, MOST_TOLD).map((one) => {
    const separator = one.line_number === null ? ':' : ',';
    return `${file}${separator} ${problemInWords(one)}.`;
  });
  const others = problems.length - told.length;
  return others === 0 ? told : [...told, `${file}: ${others} more lines cannot be read.`];
}

/**
 * Brings the coverage targets of a folder or bucket up to date.
 *
 * @param warn told of the lines that cannot be read, a sentence each
 * @returns the key of what was written
 */
export async function bringTargetsUpToDate(
  store: Store,
  warn: (sentence: string) => void,
): Promise<string | undefined> {
  const { object, targets } = await deriveTargets(store);
  if (targets) problemsTold(store.uri(TARGETS_FILE_KEY), targets).forEach(warn);
  return object === 'written' ? COVERAGE_TARGETS_KEY : undefined;
}
