import * as z from 'zod';
import type { AwsCli } from './aws-cli.ts';

const queueSchema = z.object({ QueueUrl: z.string() });

const receivedSchema = z
  .object({ Messages: z.array(z.object({ Body: z.string() })).default([]) })
  .default({ Messages: [] });

/** What a rule in moto lets through. */
export interface EventQueue {
  /** The events that have come since it was asked last, ten at most. */
  received(): Promise<unknown[]>;
}

/** A queue as the target of a rule, in place of those that it has. */
export async function queueBehind(
  aws: AwsCli,
  rule: string,
  targets: readonly string[] = [],
): Promise<EventQueue> {
  const { QueueUrl } = queueSchema.parse(await aws('sqs', 'create-queue', '--queue-name', rule));
  if (targets.length > 0)
    await aws('events', 'remove-targets', '--rule', rule, '--ids', ...targets);
  const arn = `arn:aws:sqs:us-east-1:123456789012:${rule}`;
  await aws('events', 'put-targets', '--rule', rule, '--targets', `Id=queue,Arn=${arn}`);
  return {
    async received() {
      const ask = ['--queue-url', QueueUrl, '--max-number-of-messages', '10'];
      const { Messages } = receivedSchema.parse(await aws('sqs', 'receive-message', ...ask));
      await aws('sqs', 'purge-queue', '--queue-url', QueueUrl);
      return Messages.map(({ Body }): unknown => JSON.parse(Body));
    },
  };
}
