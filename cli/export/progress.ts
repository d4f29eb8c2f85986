import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Clock, MissingExtra, Observer, Traffic } from '../../export/ports.ts';
import { type Progress, paceText, progressMeter } from './progress-meter.ts';

/** Between two lines of a log. */
export const LINE_EVERY_SECONDS = 5;

export interface ProgressTools {
  readonly traffic: Traffic;
  readonly clock: Clock;
  /** Takes text for a person, not the result: standard error. */
  readonly output: NodeJS.WriteStream;
}

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

/** Shows a person how a run goes: a bar on a terminal, plain lines elsewhere. */
export const showProgress = (tools: ProgressTools): Observer =>
  tools.output.isTTY ? progressBar(tools) : progressLines(tools);
