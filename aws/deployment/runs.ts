import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { ask } from '../ask.ts';

/** A run of the workflow, over all its instances. */
export interface WorkflowRun {
  readonly arn: string;
  /** As Step Functions says it, such as `RUNNING` or `SUCCEEDED`. */
  readonly status: string;
  readonly startedAt: Date;
  /** Absent while it goes on. */
  readonly endedAt?: Date;
}

const runOf = ({ executionArn, status, startDate, stopDate }: ExecutionListItem): WorkflowRun => ({
  arn: executionArn ?? '',
  status: status ?? 'of unknown status',
  startedAt: startDate ?? new Date(0),
  ...(stopDate && { endedAt: stopDate }),
});

/** As many as a week has, and some that were started by hand. */
const LAST = 10;

/** The last runs, the newest first. @throws Unanswered */
export async function lastRuns(
  client: SFNClient,
  stateMachineArn: string,
  abortSignal: AbortSignal,
): Promise<readonly WorkflowRun[]> {
  const command = new ListExecutionsCommand({ stateMachineArn, maxResults: LAST });
  const { executions = [] } = await ask(
    'states:ListExecutions',
    client.send(command, { abortSignal }),
  );
  return executions.map(runOf);
}

/** Why a run failed: the name and the sentences of the workflow. @throws Unanswered */
export async function causeOf(
  client: SFNClient,
  { arn }: WorkflowRun,
  abortSignal: AbortSignal,
): Promise<{ readonly error: string; readonly cause: string }> {
  const command = new DescribeExecutionCommand({ executionArn: arn });
  const { error = '', cause = '' } = await ask(
    'states:DescribeExecution',
    client.send(command, { abortSignal }),
  );
  return { error, cause };
}

/** How far the run of an instance is, after its last slice. */
export interface Progress {
  readonly instanceId: string;
  readonly percent: number;
  readonly estimatedSecondsLeft: number;
}

const sliceSchema = z.object({
  slice: z.object({
    answer: z.object({
      instanceId: z.string(),
      percent: z.number(),
      estimatedSecondsLeft: z.number(),
    }),
  }),
});

/** Events that are looked at: more than a slice adds. */
const EVENTS = 100;

function progressIn(output: string | undefined): Progress | undefined {
  try {
    return z.safeParse(sliceSchema, JSON.parse(output ?? 'null')).data?.slice.answer;
  } catch {
    return undefined;
  }
}

/** How far a run is that goes on; `undefined` before the end of its first slice. @throws Unanswered */
export async function progressOf(
  client: SFNClient,
  { arn }: WorkflowRun,
  abortSignal: AbortSignal,
): Promise<Progress | undefined> {
  const command = new GetExecutionHistoryCommand({
    executionArn: arn,
    reverseOrder: true,
    maxResults: EVENTS,
  });
  const { events = [] } = await ask(
    'states:GetExecutionHistory',
    client.send(command, { abortSignal }),
  );
  for (const { stateExitedEventDetails } of events) {
    const progress = progressIn(stateExitedEventDetails?.output);
    if (progress) return progress;
  }
  return undefined;
}
