/** Another worker is ahead: this one has stopped without harm, and its slice counts as skipped. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
