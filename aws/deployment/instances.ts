import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { ask } from '../ask.ts';

const definitionSchema = z.object({ States: z.record(z.string(), z.unknown()) });

/** The state that says which instances a run is of where it is not told. */
const everyInstance = z.object({
  Parameters: z.object({ instanceIds: z.array(z.string()) }),
});

/** The instances that a state machine's definition names. */
function instancesIn(definition: string): readonly string[] {
  const { States } = definitionSchema.parse(JSON.parse(definition));
  for (const state of Object.values(States)) {
    const { data } = z.safeParse(everyInstance, state);
    if (data) return data.Parameters.instanceIds;
  }
  return [];
}

/**
 * The ids of the instances that a deployment exports.
 *
 * @throws Unanswered
 */
export async function deployedInstances(
  client: SFNClient,
  stateMachineArn: string,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const { definition = '{"States":{}}' } = await ask(
    'states:DescribeStateMachine',
    client.send(new DescribeStateMachineCommand({ stateMachineArn }), { abortSignal }),
  );
  return instancesIn(definition);
}
