import type { Clock, SliceStart } from '../../lambda/export/ports.ts';

/** The pace shown is that of the last stretch of this length. */
const WINDOW_SECONDS = 30;

/** How far a run is and how fast it goes, for a person to read. */
export interface Pace {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly usersPerSecond: number;
  /** `undefined` while there is no pace to tell it from. */
  readonly secondsLeft?: number;
}

export interface PaceMeter {
  begin(slice: Pick<SliceStart, 'usersTotal' | 'usersAnswered'>): void;
  userDone(kind: 'exported' | 'deleted' | 'failed'): void;
  read(): Pace;
}

export function paceMeter(clock: Clock): PaceMeter {
  let total = 0;
  let done = 0;
  let failed = 0;
  /** The count at the beginning of each second, oldest first. */
  let marks: { readonly at: number; readonly done: number }[] = [];

  const seconds = (): number => clock().getTime() / 1000;
  const mark = (): void => {
    const at = seconds();
    const last = marks.at(-1);
    if (last && at - last.at < 1) return;
    marks = [...marks.filter((old) => at - old.at <= WINDOW_SECONDS), { at, done }];
  };

  return {
    begin({ usersTotal, usersAnswered }) {
      total = usersTotal;
      done = usersAnswered;
      marks = [];
      mark();
    },
    userDone(kind) {
      mark();
      if (kind === 'failed') failed++;
      else done++;
    },
    read() {
      const first = marks[0];
      const elapsed = first ? seconds() - first.at : 0;
      const usersPerSecond = first && elapsed > 0 ? (done - first.done) / elapsed : 0;
      return {
        total,
        done,
        failed,
        usersPerSecond,
        ...(usersPerSecond > 0 && { secondsLeft: (total - done) / usersPerSecond }),
      };
    },
  };
}
