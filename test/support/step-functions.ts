import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Definition } from './state-machine.ts';

const arnsSchema = z.object({
  stateMachineArn: z.string().optional(),
  executionArn: z.string().optional(),
});

const executionSchema = z.object({
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});

/** How an execution ended. */
type Execution = z.output<typeof executionSchema>;

export interface StepFunctions {
  /** Starts an execution and waits for its end. */
  execute(input: unknown): Promise<Execution>;
}

const POLL_MS = 50;

/** A state machine in moto's interpreter, which executes the Amazon States Language for real. */
export async function stateMachineInMoto(
  motoUrl: string,
  definition: Definition,
): Promise<StepFunctions> {
  const call = async (action: string, body: object): Promise<unknown> => {
    const answer = await fetch(motoUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AWSStepFunctions.${action}`,
        // moto looks for the service here, and at nothing else of it.
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/states/aws4_request, SignedHeaders=host, Signature=none',
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${action}: ${answer.status} ${text}`);
    return JSON.parse(text || '{}');
  };

  await fetch(`${motoUrl}/moto-api/config`, {
    method: 'POST',
    body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
  });
  let executions = 0;
  return {
    async execute(input) {
      executions += 1;
      const name = `execution-${executions}`;
      // A state machine per execution, gone afterwards: moto 5.2 starts none while it remembers another.
      const { stateMachineArn } = arnsSchema.parse(
        await call('CreateStateMachine', {
          name: `exporter-${executions}`,
          definition: JSON.stringify(definition),
          roleArn: 'arn:aws:iam::123456789012:role/workflow',
        }),
      );
      const { executionArn } = arnsSchema.parse(
        await call('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) }),
      );
      for (;;) {
        const execution = executionSchema.parse(await call('DescribeExecution', { executionArn }));
        if (execution.status !== 'RUNNING') {
          await call('DeleteStateMachine', { stateMachineArn });
          return execution;
        }
        await pause(POLL_MS);
      }
    },
  };
}
