export const HOW_TO_GO_ON = 'go on with it by the same command and --resume.';

/** The person at the terminal has stopped the run; it can be resumed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
