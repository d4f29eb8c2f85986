import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Clock, Observer, Traffic } from '../../lambda/export/ports.ts';
import { type Pace, paceMeter } from './pace-meter.ts';

/** Between two lines of a log. */
const LINE_EVERY_SECONDS = 5;

export interface ProgressTools {
  readonly traffic: Traffic;
  readonly clock: Clock;
  /** Takes text for a person, not the result: standard error. */
  readonly output: NodeJS.WriteStream;
}

const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

const facts = ({ failed, usersPerSecond, secondsLeft }: Pace, traffic: Traffic): string => {
  const { throttled } = traffic.counts().list_user_proficiencies;
  return [
    `${usersPerSecond.toFixed(1)}/s`,
    `${throttled} throttled`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    secondsLeft === undefined ? 'time left unknown' : `${duration(secondsLeft)} left`,
  ].join(', ');
};

const failureLine = ({ userId, error, message }: Parameters<Observer['userFailed']>[0]): string =>
  `User ${userId} could not be read (${error}: ${message}); it will be tried once more at the end.`;

/** For a terminal: one bar that stays in its line. */
function progressBar({ traffic, clock, output }: ProgressTools): Observer {
  const meter = paceMeter(clock);
  const bars = new MultiBar(
    {
      stream: output,
      format: '{bar} {percentage}% | {value}/{total} users | {facts}',
      hideCursor: true,
      stopOnComplete: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  return {
    begun(slice) {
      meter.begin(slice);
      bar = bars.create(slice.usersTotal, slice.usersAnswered, { facts: 'starting' });
    },
    userDone(kind) {
      meter.userDone(kind);
      const pace = meter.read();
      bar?.update(pace.done, { facts: facts(pace, traffic) });
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

/** For a log: a line every few seconds. */
function progressLines({ traffic, clock, output }: ProgressTools): Observer {
  const meter = paceMeter(clock);
  const write = (line: string): boolean => output.write(`${line}\n`);
  let lineDue = 0;
  return {
    begun(slice) {
      meter.begin(slice);
      write(`Run ${slice.runId}: ${slice.usersTotal} users, ${slice.usersAnswered} done before.`);
      lineDue = clock().getTime() + LINE_EVERY_SECONDS * 1000;
    },
    userDone(kind) {
      meter.userDone(kind);
      if (clock().getTime() < lineDue) return;
      lineDue = clock().getTime() + LINE_EVERY_SECONDS * 1000;
      const pace = meter.read();
      write(`${pace.done} of ${pace.total} users, ${facts(pace, traffic)}`);
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
