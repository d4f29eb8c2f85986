import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  CustomState,
  Errors,
  type IChainable,
  JitterType,
  JsonPath,
  type RetryProps,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { EventBridgePutEvents, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { INSTANCE_DIMENSION, METRICS, METRICS_NAMESPACE } from '../../contract/metrics.ts';
import { EVENT_SOURCE, SNAPSHOT_PUBLISHED } from '../../contract/snapshot-published.ts';
import { DERIVE_LIMIT } from '../worker/deriver.ts';
import { DERIVE_RETRIES } from './retries.ts';

/** Where the answer of the deriver goes; the worker's answer stays what it was. */
const DERIVED = '$.derived';

/** Of calls of EventBridge and CloudWatch, which answer within seconds. */
const CALL_LIMIT = Duration.minutes(1);

/**
 * Whatever EventBridge or CloudWatch says, the same call may be answered a moment later, and to make it twice does no harm. The
 * waits of 2, 4, 8 and 16 seconds are half a minute: the next instance waits too.
 */
const CALL_RETRY: RetryProps = {
  errors: [Errors.ALL],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 4,
  maxDelay: Duration.seconds(16),
  jitterStrategy: JitterType.NONE,
};

export interface AfterPublicationProps {
  readonly deriver: IFunction;
  /** Whether an event tells of the snapshot. */
  readonly eventsEnabled: boolean;
}

/**
 * What follows the publication of a snapshot: data are derived from it, then an event tells of it.
 *
 * Neither can fail the run of the instance, nor hold up the next one for long: a failure becomes a metric, which an alarm looks at.
 *
 * @param answer the path of the worker's answer
 * @param published where it goes on in any case
 */
export function afterPublication(
  scope: Construct,
  { deriver, eventsEnabled }: AfterPublicationProps,
  answer: string,
  published: IChainable,
): IChainable {
  const report = reportFailure(scope, answer);
  report.addRetry(CALL_RETRY);
  report.addCatch(published, { errors: [Errors.ALL], resultPath: JsonPath.DISCARD });
  report.next(published);
  const caught = { errors: [Errors.ALL], resultPath: '$.notDerived' };

  const derive = deriveData(scope, deriver, answer);
  derive.addCatch(report, caught);
  if (!eventsEnabled) return derive.next(published);
  const tell = tellOfSnapshot(scope);
  tell.addCatch(report, caught);
  return derive.next(tell).next(published);
}

function deriveData(scope: Construct, deriver: IFunction, answer: string): LambdaInvoke {
  const derive = LambdaInvoke.jsonPath(scope, 'Derive data', {
    lambdaFunction: deriver,
    payload: TaskInput.fromJsonPathAt(answer),
    // A minute more than the function has: Lambda's own time-out says more than this one.
    taskTimeout: Timeout.duration(DERIVE_LIMIT.plus(Duration.minutes(1))),
    resultSelector: { detail: JsonPath.objectAt('$.Payload.detail') },
    resultPath: DERIVED,
    retryOnServiceExceptions: false,
  });
  for (const retry of DERIVE_RETRIES) derive.addRetry(retry);
  return derive;
}

/** An entry that EventBridge did not take fails the state, too: Step Functions throws `EventBridge.FailedEntry`. */
function tellOfSnapshot(scope: Construct): EventBridgePutEvents {
  const tell = EventBridgePutEvents.jsonPath(scope, 'Tell that it is published', {
    entries: [
      {
        source: EVENT_SOURCE,
        detailType: SNAPSHOT_PUBLISHED,
        detail: TaskInput.fromJsonPathAt(`${DERIVED}.detail`),
      },
    ],
    resultPath: JsonPath.DISCARD,
    taskTimeout: Timeout.duration(CALL_LIMIT),
  });
  tell.addRetry(CALL_RETRY);
  return tell;
}

/** Not the CDK's own task: its permission would be for every namespace. See {@link metricStatement}. */
const reportFailure = (scope: Construct, answer: string): CustomState =>
  new CustomState(scope, 'Report that data are not up to date', {
    stateJson: {
      Type: 'Task',
      Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:cloudwatch:putMetricData`,
      Parameters: {
        Namespace: METRICS_NAMESPACE,
        MetricData: [
          {
            MetricName: METRICS.derivedDataFailed,
            Value: 1,
            Unit: 'Count',
            Dimensions: [{ Name: INSTANCE_DIMENSION, 'Value.$': `${answer}.instanceId` }],
          },
        ],
      },
      ResultPath: null,
      TimeoutSeconds: CALL_LIMIT.toSeconds(),
    },
  });

/** Metrics know no resources; what may be written is told by the namespace. */
export const metricStatement = (): PolicyStatement =>
  new PolicyStatement({
    sid: 'ReportFailure',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': METRICS_NAMESPACE } },
  });
