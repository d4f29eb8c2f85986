import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Deployment } from '../../aws/deployment/parts.ts';
import { causeOf, lastRuns, progressOf, type WorkflowRun } from '../../aws/deployment/runs.ts';
import type { Clock } from '../../export/ports.ts';
import { quoted } from '../../lambda/aws-fault.ts';
import { type Check, type Finding, failed, inRunbook, ok, warning } from '../check.ts';
import { inWords } from '../durations.ts';
import { lineFor } from '../unanswered.ts';

const secondsBetween = (earlier: Date, later: Date): number =>
  (later.getTime() - earlier.getTime()) / 1000;

async function goingOn(
  client: SFNClient,
  run: WorkflowRun,
  now: Date,
  signal: AbortSignal,
): Promise<Finding> {
  const since = inWords(secondsBetween(run.startedAt, now));
  const progress = await progressOf(client, run, signal);
  if (progress === undefined) return ok(`A run is going on for ${since}, in its first slice`);
  const { instanceId, percent, estimatedSecondsLeft } = progress;
  return ok(
    `A run is going on for ${since}: the instance ${instanceId} is at ${percent} %, ${inWords(estimatedSecondsLeft)} left`,
  );
}

/** The heading of the runbook for a failure's name: the workflow's cause begins each sentence with instance and name. */
function headingIn(cause: string): string {
  const [, name] = /: ([A-Z]\w+(?:\.\w+)?): /.exec(cause) ?? [];
  return name === undefined ? 'A run failed' : name;
}

async function ended(client: SFNClient, run: WorkflowRun, signal: AbortSignal): Promise<Finding> {
  const when = `${run.startedAt.toISOString()} took ${inWords(secondsBetween(run.startedAt, run.endedAt ?? run.startedAt))}`;
  switch (run.status) {
    case 'SUCCEEDED':
      return ok(`The last run, of ${when} and succeeded`);
    case 'ABORTED':
      return warning(`The last run, of ${when} and was stopped`, inRunbook('Stop a run'));
    case 'TIMED_OUT':
      return failed(
        `The last run, of ${when} and was ended at its limit`,
        inRunbook('A run failed'),
      );
    default: {
      const { error, cause } = await causeOf(client, run, signal);
      return failed(
        `The last run, of ${when} and ended with ${error} (${quoted({ reason: cause }, 'the workflow')})`,
        inRunbook(headingIn(cause)),
      );
    }
  }
}

/** How the runs before the last one ended, as the end of a sentence about that one. */
function before(earlier: readonly WorkflowRun[]): string {
  if (earlier.length === 0) return '';
  const failures = earlier.filter(({ status }) => status !== 'SUCCEEDED').length;
  if (earlier.length === 1)
    return `; the one before it ${failures === 0 ? 'succeeded' : 'did not succeed'}`;
  return failures === 0
    ? `; the ${earlier.length} before it succeeded`
    : `; of the ${earlier.length} before it, ${failures} did not succeed`;
}

async function lastAndBefore(
  client: SFNClient,
  [last, ...earlier]: readonly [WorkflowRun, ...WorkflowRun[]],
  signal: AbortSignal,
): Promise<Finding> {
  const finding = await ended(client, last, signal);
  return { ...finding, says: `${finding.says}${before(earlier)}` };
}

/** How the last runs ended, and how far the one is that goes on. */
export const runsCheck = (client: SFNClient, clock: Clock): Check<Deployment> => ({
  id: 'runs',
  about: 'The runs',
  calls: ['states:ListExecutions', 'states:DescribeExecution', 'states:GetExecutionHistory'],
  async run({ parts }, signal) {
    const runs = await lastRuns(client, parts.stateMachine ?? '', signal);
    const [last, ...earlier] = runs.filter(({ status }) => status !== 'RUNNING');
    const running = runs.find(({ status }) => status === 'RUNNING');
    const findings = [
      ...(running ? [lineFor(goingOn(client, running, clock(), signal))] : []),
      ...(last ? [lineFor(lastAndBefore(client, [last, ...earlier], signal))] : []),
    ];
    return {
      findings:
        findings.length > 0
          ? await Promise.all(findings)
          : [warning('There was no run yet', inRunbook('Start a run'))],
    };
  },
});
