import type { Clock, SliceStart } from '../../export/ports.ts';

/** The pace shown is that of the last stretch of this length. */
const WINDOW_SECONDS = 30;

/** How far a run is and how fast it goes, for a person to read. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Absent until users have been answered for a second. */
  readonly pace?: { readonly usersPerSecond: number; readonly secondsLeft: number };
}

interface ProgressMeter {
  begin(slice: Pick<SliceStart, 'usersTotal' | 'usersAnswered'>): void;
  userDone(kind: 'exported' | 'deleted' | 'failed'): void;
  read(): Progress;
}

/** Counts users, and tells their pace by the clock. */
export function progressMeter(clock: Clock): ProgressMeter {
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
      // The first answer begins the pace: until then a resumed run reads what it left.
      marks = [];
    },
    userDone(kind) {
      if (kind === 'failed') failed++;
      else done++;
      mark();
    },
    read() {
      const first = marks[0];
      const elapsed = first ? seconds() - first.at : 0;
      const usersPerSecond = first && elapsed >= 1 ? (done - first.done) / elapsed : 0;
      return {
        total,
        done,
        failed,
        ...(usersPerSecond > 0 && {
          pace: { usersPerSecond, secondsLeft: (total - done) / usersPerSecond },
        }),
      };
    },
  };
}

const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

/** Pace and time left, in words. */
export const paceText = ({ pace }: Progress): string =>
  pace
    ? `${pace.usersPerSecond.toFixed(1)}/s, ${duration(pace.secondsLeft)} left`
    : 'time left unknown';
