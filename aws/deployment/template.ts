import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod/mini';
import { ENVIRONMENT } from '../../contract/environment.ts';
import type { Extras } from '../../contract/operations.ts';
import { USER_DETAILS } from '../../contract/user-details.ts';
import { ask } from '../ask.ts';

const scheduleSchema = z.object({
  Type: z.literal('AWS::Scheduler::Schedule'),
  Properties: z.object({ State: z.string() }),
});

const workerSchema = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({
    Environment: z.object({
      Variables: z.object({
        [ENVIRONMENT.includeUserDetails]: z.enum(USER_DETAILS),
        [ENVIRONMENT.includePredefinedAttributes]: z.enum(['true', 'false']),
      }),
    }),
  }),
});

const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** The template that a stack was deployed from. */
export type DeployedTemplate = z.infer<typeof templateSchema>;

/** @throws Unanswered */
export async function readTemplate(
  client: CloudFormationClient,
  StackName: string,
  abortSignal: AbortSignal,
): Promise<DeployedTemplate> {
  const { TemplateBody = '{"Resources":{}}' } = await ask(
    'cloudformation:GetTemplate',
    client.send(new GetTemplateCommand({ StackName }), { abortSignal }),
  );
  return templateSchema.parse(JSON.parse(TemplateBody));
}

/** Whether the schedule was deployed disabled, because others start the runs. */
export const isMeantToRest = ({ Resources }: DeployedTemplate): boolean =>
  Object.values(Resources).some(
    (resource) => z.safeParse(scheduleSchema, resource).data?.Properties.State === 'DISABLED',
  );

/** What the worker was deployed to read besides: nothing, where an earlier version deployed it. */
export function extrasOf({ Resources }: DeployedTemplate): Extras {
  for (const resource of Object.values(Resources)) {
    const variables = z.safeParse(workerSchema, resource).data?.Properties.Environment.Variables;
    if (variables === undefined) continue;
    return {
      includeUserDetails: variables[ENVIRONMENT.includeUserDetails],
      includePredefinedAttributes: variables[ENVIRONMENT.includePredefinedAttributes] === 'true',
    };
  }
  return { includeUserDetails: 'off', includePredefinedAttributes: false };
}
