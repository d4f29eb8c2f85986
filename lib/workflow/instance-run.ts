import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  Pass,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { FailureName } from '../../contract/failure.ts';
import type { WorkerStatus } from '../../contract/result.ts';
import { SLICE_LIMIT } from '../worker/worker.ts';
import { type AfterPublicationProps, afterPublication } from './after-publication.ts';
import { catchFailures, failure } from './failures.ts';
import { RETRIES } from './retries.ts';

/** What the last slice has come to. */
const SLICE = '$.slice';
/** What the worker answered to it. */
const ANSWER = `${SLICE}.answer`;
/** What the slice before it had reached. */
const BEFORE = '$.before';

/** Below any count of users: the first slice has nothing to be compared with. */
const NONE_BEFORE = { usersDone: -1, usersFailed: -1, usersTotal: 0 };

/** How often this run has waited for the lease of another one since it last progressed. */
const WAITS = '$.waits';

/**
 * A run that was stopped has a slice that may go on, and renew its lease, for a quarter of an hour; then the lease holds for
 * twenty minutes. To wait twice for its end outlasts that: whoever still holds it lives.
 */
const MOST_WAITS = 2;

const NO_PROGRESS: FailureName = 'NoProgress';

/** What the run of an instance begins with, out of the workflow's request. */
export const runInput = {
  request: JsonPath.objectAt('$.request'),
  instance: { instanceId: JsonPath.stringAt('$$.Map.Item.Value') },
};

export interface InstanceRunProps extends AfterPublicationProps {
  readonly worker: IFunction;
}

/**
 * The run of one instance: slice after slice, until the worker says that it is over; then what follows a publication.
 *
 * It never fails: it ends with the worker's last answer or with an outcome of status `FAILED`, so
 * that the next instance has its turn.
 */
export function instanceRun(scope: Construct, props: InstanceRunProps): IChainable {
  const slice = exportSlice(scope, props.worker);
  const answered = (...statuses: WorkerStatus[]) =>
    Condition.or(...statuses.map((status) => Condition.stringEquals(`${SLICE}.status`, status)));
  const answer = (id: string) => Pass.jsonPath(scope, id, { outputPath: ANSWER });
  const howFar = Choice.jsonPath(scope, 'How far is it?')
    .when(answered('IN_PROGRESS'), progress(scope, slice))
    .when(
      // A worker that died right after it had published told nobody: both are the same to what follows.
      answered('PUBLISHED', 'ALREADY_PUBLISHED'),
      afterPublication(scope, props, ANSWER, answer('Published')),
    )
    .when(
      Condition.and(
        answered('SKIPPED'),
        Condition.isPresent(`${SLICE}.answer.retryAfterSeconds`),
        Condition.numberLessThan(WAITS, MOST_WAITS),
      ),
      leaseEnd(scope, slice),
    )
    .when(answered('SKIPPED', 'SUPERSEDED'), answer('Left to another run'))
    .otherwise(
      failure(scope, 'Unknown answer', 'InvalidAnswer: the worker answered with the status {}', [
        JsonPath.stringAt(`${SLICE}.status`),
      ]),
    );
  slice.next(howFar);
  return begin(scope).next(slice);
}

const begin = (scope: Construct): Pass =>
  Pass.jsonPath(scope, 'Begin a run', {
    parameters: {
      event: JsonPath.jsonMerge(JsonPath.objectAt('$.request'), JsonPath.objectAt('$.instance')),
      before: NONE_BEFORE,
      waits: 0,
    },
  });

function exportSlice(scope: Construct, worker: IFunction): LambdaInvoke {
  const slice = LambdaInvoke.jsonPath(scope, 'Export a slice', {
    lambdaFunction: worker,
    payload: TaskInput.fromJsonPathAt('$.event'),
    // A minute more than the worker has: Lambda's own time-out says more than this one.
    taskTimeout: Timeout.duration(SLICE_LIMIT.plus(Duration.minutes(1))),
    // An answer without one of these is caught like any other failure.
    resultSelector: {
      answer: JsonPath.objectAt('$.Payload'),
      status: JsonPath.stringAt('$.Payload.status'),
      resume: { runId: JsonPath.stringAt('$.Payload.runId') },
      reached: {
        usersDone: JsonPath.numberAt('$.Payload.usersDone'),
        usersFailed: JsonPath.numberAt('$.Payload.usersFailed'),
        usersTotal: JsonPath.numberAt('$.Payload.usersTotal'),
      },
    },
    resultPath: SLICE,
    // CDK's default leaves out throttling and slices that are killed.
    retryOnServiceExceptions: false,
  });
  for (const retry of RETRIES) slice.addRetry(retry);
  catchFailures(scope, slice);
  return slice;
}

/** Tries again when the lease of another run should have ended: that run may be dead, and this date must not be lost. */
function leaseEnd(scope: Construct, slice: IChainable): IChainable {
  const wait = Wait.jsonPath(scope, 'Wait for the lease to end', {
    time: WaitTime.secondsPath(`${SLICE}.answer.retryAfterSeconds`),
  });
  const count = Pass.jsonPath(scope, 'Count the wait', {
    parameters: {
      event: JsonPath.objectAt('$.event'),
      before: JsonPath.objectAt(BEFORE),
      waits: JsonPath.mathAdd(JsonPath.numberAt(WAITS), 1),
    },
  });
  return wait.next(count).next(slice);
}

/** Goes on with the same run, unless the last slice has done nothing. */
function progress(scope: Construct, slice: IChainable): IChainable {
  const next = Pass.jsonPath(scope, 'Go on with the run', {
    parameters: {
      event: JsonPath.jsonMerge(JsonPath.objectAt('$.event'), JsonPath.objectAt(`${SLICE}.resume`)),
      before: JsonPath.objectAt(`${SLICE}.reached`),
      waits: 0,
    },
  });
  // The worker notices this too; a workflow that loops for days must not depend on that.
  const stuck = Condition.and(
    Condition.numberGreaterThan(`${BEFORE}.usersTotal`, 0),
    Condition.numberEqualsJsonPath(`${SLICE}.reached.usersDone`, `${BEFORE}.usersDone`),
    // Once all are done, those that failed are asked for again.
    Condition.numberEqualsJsonPath(`${SLICE}.reached.usersFailed`, `${BEFORE}.usersFailed`),
  );
  return Choice.jsonPath(scope, 'Has it progressed?')
    .when(
      stuck,
      failure(
        scope,
        'No progress',
        `${NO_PROGRESS}: a whole slice has passed and {} of {} users are done, as before`,
        [
          JsonPath.stringAt(`${SLICE}.reached.usersDone`),
          JsonPath.stringAt(`${SLICE}.reached.usersTotal`),
        ],
      ),
    )
    .otherwise(next.next(slice));
}
