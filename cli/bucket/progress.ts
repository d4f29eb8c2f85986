import { Presets, SingleBar } from 'cli-progress';
import type { ListedObject } from '../../lambda/s3/list.ts';

/** Shows how much of some objects has been read. */
interface Shown {
  read(object: ListedObject): void;
  end(): void;
}

/** Begins to show how some objects are read. */
export type Progress = (objects: readonly ListedObject[]) => Shown;

const MB = 1e6;

const megabytes = (objects: readonly ListedObject[]): number =>
  objects.reduce((sum, { bytes }) => sum + bytes, 0) / MB;

const SILENT: Shown = { read: () => undefined, end: () => undefined };

/** In less than this, in megabytes, nothing is to be seen. */
const WORTH_SHOWING_MB = 1;

/**
 * A bar in a terminal, and nothing elsewhere: what is read is no answer.
 *
 * @param output standard error
 */
export const progressBar =
  (output: NodeJS.WriteStream): Progress =>
  (objects) => {
    const total = megabytes(objects);
    if (!output.isTTY || total < WORTH_SHOWING_MB) return SILENT;
    const bar = new SingleBar(
      {
        stream: output,
        format: 'Reading from Amazon S3 {bar} {megabytes} of {all} MB, {value} of {total} objects',
        hideCursor: true,
        clearOnComplete: true,
        // Ctrl-C, too, gives the cursor back.
        gracefulExit: true,
      },
      Presets.shades_classic,
    );
    let read = 0;
    const words = () => ({ megabytes: read.toFixed(1), all: total.toFixed(1) });
    bar.start(objects.length, 0, words());
    return {
      read({ bytes }) {
        read += bytes / MB;
        bar.increment(1, words());
      },
      end: () => bar.stop(),
    };
  };
