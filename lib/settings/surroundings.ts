import { Token } from 'aws-cdk-lib';
import { parseInstance } from '../../contract/instance.ts';
import type { ProficiencyExporterProps } from '../proficiency-exporter-props.ts';
import { ConfigurationError } from './configuration-error.ts';
import { list } from './values.ts';

/* What passes a synth, but cannot work in the app around the exporter. */

/**
 * The worker asks Connect where it runs, and may read instances of its own account alone. What names no account or Region is passed
 * over: ids, and a stack that may go anywhere.
 *
 * @param instances ids or ARNs, as they were given
 * @param env where the stack goes
 * @throws ConfigurationError
 */
export function refuseInstancesElsewhere(
  instances: unknown,
  env: { readonly account: string; readonly region: string },
): void {
  const given = list.parse(instances);
  for (const place of ['account', 'region'] as const) {
    const expected = env[place];
    if (Token.isUnresolved(expected)) continue;
    const elsewhere = given.find((text) => isElsewhere(parseInstance(text)?.[place], expected));
    if (elsewhere === undefined) continue;
    throw new ConfigurationError([
      `instanceIds names ${elsewhere}, expected instances of the ${place} ${expected}, to which the stack goes: deploy an exporter beside each instance.`,
    ]);
  }
}

/** An id alone names no account and no Region. */
const isElsewhere = (named: string | undefined, expected: string): boolean =>
  named !== undefined && named !== expected;

/** What the exporter can do with its own bucket alone. */
const OF_OWN_BUCKET = [
  'snapshotRetentionDays',
  'oldVersionsDays',
  'workingFilesDays',
  'accessLogsBucket',
] as const satisfies readonly (keyof ProficiencyExporterProps)[];

/**
 * Somebody would believe that personal data is deleted, or that reads are logged.
 *
 * @throws ConfigurationError
 */
export function refuseSettingsOfOwnBucket(props: ProficiencyExporterProps): void {
  if (props.bucket === undefined) return;
  const useless = OF_OWN_BUCKET.filter((name) => props[name] !== undefined);
  if (useless.length === 0) return;
  throw new ConfigurationError([
    `bucket and ${useless.join(', ')} are given, expected bucket alone: the exporter changes nothing about a bucket of yours, so set that there.`,
  ]);
}
