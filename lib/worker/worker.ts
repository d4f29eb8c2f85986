import { Duration } from 'aws-cdk-lib';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contract/environment.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { type FunctionProps, nodeFunction } from './node-function.ts';
import {
  connectStatements,
  keyStatements,
  quotaStatement,
  storeStatements,
} from './permissions.ts';

/** The longest that AWS Lambda allows: the fewer slices, the fewer starts and the fewer writes of state. */
export const SLICE_LIMIT = Duration.minutes(15);

export interface WorkerProps
  extends FunctionProps,
    Pick<
      ResolvedSettings,
      | 'instanceIds'
      | 'timeZone'
      | 'schedule'
      | 'scheduleEnabled'
      | 'snapshotExpectedWithinHours'
      | 'quotaShare'
      | 'requestsPerSecond'
      | 'allowedFailedUsers'
      | 'includeUsernames'
      | 'includeUserDetails'
      | 'includePredefinedAttributes'
      | 'memoryMiB'
    > {}

/** The function that works off one slice of a run. */
export class Worker extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    this.function = nodeFunction(this, props, {
      description: "Exports a slice of an Amazon Connect instance's users and their proficiencies",
      name: 'worker',
      timeout: SLICE_LIMIT,
      memoryMiB: props.memoryMiB,
      environment: environment(props),
      role: {
        description: 'Of the worker: reads the configured instances, writes to the data bucket',
        statements: [
          ...connectStatements(this, props),
          quotaStatement(this, props),
          ...storeStatements(props.bucket),
          ...keyStatements(props.bucket, props.encryptionKey),
        ],
        wildcards:
          'Ends in one prefix of one bucket or in the users (agents) or groups (agent-group) of one configured instance, none of which are known before a run.',
      },
    });
  }
}

const environment = (props: WorkerProps): Record<string, string> => ({
  [ENVIRONMENT.timeZone]: props.timeZone,
  ...schedule(props),
  ...(props.requestsPerSecond === undefined
    ? { [ENVIRONMENT.quotaShare]: String(props.quotaShare) }
    : { [ENVIRONMENT.requestsPerSecond]: String(props.requestsPerSecond) }),
  [ENVIRONMENT.allowedFailedUsers]: String(props.allowedFailedUsers),
  [ENVIRONMENT.includeUsernames]: String(props.includeUsernames),
  [ENVIRONMENT.includeUserDetails]: props.includeUserDetails,
  [ENVIRONMENT.includePredefinedAttributes]: String(props.includePredefinedAttributes),
});

/** Where others start the runs, the schedule is what the alarm expects of them. */
function schedule({
  scheduleEnabled,
  schedule: expression,
  snapshotExpectedWithinHours: hours,
}: WorkerProps): Record<string, string> {
  if (scheduleEnabled) return { [ENVIRONMENT.schedule]: expression };
  if (hours === 'off') return {};
  return { [ENVIRONMENT.schedule]: `rate(${hours} ${hours === 1 ? 'hour' : 'hours'})` };
}
