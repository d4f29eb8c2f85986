export const FAILURE_NAMES = [
  /** The event or the configuration is wrong; trying again cannot help. */
  'InvalidRequest',
  /** The credentials lack a permission; the message names the action. */
  'AccessDenied',
  /** Connect does not know the instance in this Region. */
  'InstanceNotFound',
  /** More users failed than are allowed; the parts are kept. */
  'IncompleteSnapshot',
  /** A whole slice passed without one more user done. */
  'NoProgress',
  /** A working file is not what this run wrote. */
  'DamagedRun',
  /** The run's state was written by a version of this software that this one does not know. */
  'UnknownStateVersion',
  /** Connect or the store did not answer properly for longer than a slice's patience; trying again may help. */
  'ServiceUnavailable',
] as const;

export type FailureName = (typeof FAILURE_NAMES)[number];

/**
 * The failures that waiting may mend; the worker has been patient itself. Connect that is down shows as the first where a run
 * begins, or a slice has run out of users to ask for, and as the second where it fills a whole slice.
 */
export const MENDED_BY_WAITING: readonly FailureName[] = ['ServiceUnavailable', 'NoProgress'];

/**
 * A run with more failed users than this gives up at once; no run can be allowed more. Its state keeps
 * each of them.
 */
export const MOST_FAILED_USERS = 1000;

/** A failure with a name that a workflow can match and one sentence that a person can act on. */
export class ExportFailure extends Error {
  override readonly name: FailureName;

  constructor(name: FailureName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
