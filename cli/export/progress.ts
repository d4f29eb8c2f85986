import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type {
  Clock,
  Connect,
  MissingExtra,
  Observer,
  SliceStart,
  Traffic,
} from '../../export/ports.ts';
import type { Timers } from '../../lambda/connect/pacing/timers.ts';

/** Between two lines of a log. */
const LINE_EVERY_SECONDS = 5;

/** The pace shown is that of the last stretch of this length. */
const WINDOW_SECONDS = 30;

export interface ProgressTools {
  readonly traffic: Traffic;
  readonly clock: Clock;
  /** Takes text for a person, not the result: standard error. */
  readonly output: NodeJS.WriteStream;
}

/** How far a run is and how fast it goes, for a person to read. */
interface Progress {
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

function progressMeter(clock: Clock): ProgressMeter {
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

const paceText = ({ pace }: Progress): string =>
  pace
    ? `${pace.usersPerSecond.toFixed(1)}/s, ${duration(pace.secondsLeft)} left`
    : 'time left unknown';

const troubleText = ({ failed }: Progress, traffic: Traffic): string => {
  const { throttled } = traffic.counts().list_user_proficiencies;
  return `${throttled} throttled${failed > 0 ? `, ${failed} failed` : ''}`;
};

/** Puts failures into words; a user's second one is the last. */
function failureLines(): (failure: Parameters<Observer['userFailed']>[0]) => string {
  const failed = new Set<string>();
  return ({ userId, error, message }) => {
    const what = `${error}: ${message.replace(/\.$/, '')}`;
    if (failed.has(userId)) return `User ${userId} could not be read again (${what}).`;
    failed.add(userId);
    return `User ${userId} could not be read (${what}); it will be tried once more at the end.`;
  };
}

/** Details are kept as far as they were read; of the attributes it is all or none. */
const missingLine = ({ what, reason }: MissingExtra): string =>
  `The snapshot goes without ${what === 'predefined attributes' ? what : `some or all ${what}`}: ${reason}\n`;

const WIDEST_BAR = 40;

/** The columns that a bar's words take: a large instance, hours left. */
const WORDS = 66;

/** A bar gives way to its words. */
const barSize = ({ columns }: NodeJS.WriteStream): number =>
  Math.max(0, Math.min(WIDEST_BAR, columns - WORDS));

/** For a terminal: one bar that stays in its line. */
function progressBar({ traffic, clock, output }: ProgressTools): Observer {
  const failureLine = failureLines();
  const meter = progressMeter(clock);
  const bars = new MultiBar(
    {
      stream: output,
      // What matters most stands where a narrow terminal cuts last.
      format: '{bar} {percentage}% | {pace} | {value}/{total} users, {trouble}',
      barsize: barSize(output),
      hideCursor: true,
      stopOnComplete: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  return {
    // Comes before there is a bar.
    missing: (extra) => output.write(missingLine(extra)),
    begun(slice) {
      meter.begin(slice);
      bar = bars.create(slice.usersTotal, slice.usersAnswered, {
        pace: 'starting',
        trouble: troubleText(meter.read(), traffic),
      });
    },
    userDone(kind) {
      meter.userDone(kind);
      const progress = meter.read();
      bar?.update(progress.done, {
        pace: paceText(progress),
        trouble: troubleText(progress, traffic),
      });
    },
    userFailed: (failure) => bars.log(`${failureLine(failure)}\n`),
    partClosed: () => undefined,
    published: () => undefined,
    sliceEnded() {
      // The last lines of the log wait for a redraw, which stopping alone is not.
      bars.update();
      bars.stop();
    },
  };
}

/** Says whether another line is due; the first one is due a few seconds from now. */
function lineTimer(clock: Clock): () => boolean {
  const next = (): number => clock().getTime() + LINE_EVERY_SECONDS * 1000;
  let due = next();
  return () => {
    if (clock().getTime() < due) return false;
    due = next();
    return true;
  };
}

/** For a log: a line every few seconds. */
function progressLines({ traffic, clock, output }: ProgressTools): Observer {
  const meter = progressMeter(clock);
  const write = (line: string): boolean => output.write(`${line}\n`);
  const failureLine = failureLines();
  let isLineDue = lineTimer(clock);
  return {
    missing: (extra) => output.write(missingLine(extra)),
    begun(slice) {
      meter.begin(slice);
      write(`Run ${slice.runId}: ${slice.usersTotal} users, ${slice.usersAnswered} done before.`);
      isLineDue = lineTimer(clock);
    },
    userDone(kind) {
      meter.userDone(kind);
      if (!isLineDue()) return;
      const progress = meter.read();
      write(
        `${progress.done} of ${progress.total} users, ${paceText(progress)}, ${troubleText(progress, traffic)}`,
      );
    },
    userFailed: (failure) => write(failureLine(failure)),
    partClosed: () => undefined,
    published: () => undefined,
    sliceEnded: () => undefined,
  };
}

/**
 * Connect, whose listing of users says every few seconds how far it is: until it has ended there is no total to show. It says so
 * too while a page is waited for, which takes minutes where others use up the quota.
 */
export const withListingShown = (
  connect: Connect,
  { traffic, timers, output }: Pick<ProgressTools, 'traffic' | 'output'> & { timers: Timers },
): Connect => ({
  ...connect,
  async *listUsers(instanceId, signal) {
    let users = 0;
    const say = (): void => {
      const { throttled } = traffic.counts().list_users;
      const trouble = throttled > 0 ? `, ${throttled} throttled` : '';
      output.write(`Listing the users: ${users} so far${trouble}.\n`);
      due = timers.now() + LINE_EVERY_SECONDS * 1000;
    };
    const wait = (): (() => void) => {
      let cancel = (): void => undefined;
      const next = (): void => {
        cancel = timers.after(due - timers.now(), () => {
          say();
          next();
        });
      };
      next();
      return () => cancel();
    };
    let due = timers.now() + LINE_EVERY_SECONDS * 1000;
    let waited = wait();
    try {
      for await (const page of connect.listUsers(instanceId, signal)) {
        // Whoever reads the pages may leave off without a word: only while they wait is there an alarm.
        waited();
        users += page.length;
        yield page;
        waited = wait();
      }
    } finally {
      waited();
    }
  },
});

/** Shows a person how a run goes: a bar on a terminal, plain lines elsewhere. */
export const showProgress = (tools: ProgressTools): Observer =>
  tools.output.isTTY ? progressBar(tools) : progressLines(tools);
