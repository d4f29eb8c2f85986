import { z } from 'zod';
import { costOf, costSchema } from './cost.ts';
import { isStrategy, STRATEGIES } from './strategies.ts';

/** What a contender's process is started with, as JSON in its first argument. */
export const assignmentSchema = z.strictObject({
  strategy: z.string().refine(isStrategy),
  instanceId: z.string(),
  requestsPerSecond: z.number(),
  folder: z.string(),
});

/** What it prints at the end. */
export const effortSchema = z.strictObject({ exported: z.int(), ...costSchema.shape });

export type Assignment = z.infer<typeof assignmentSchema>;
export type Effort = z.infer<typeof effortSchema>;

/** Does one strategy's work and measures what it costs. */
export async function contend({ strategy, ...task }: Assignment): Promise<Effort> {
  const { result: exported, cost } = await costOf(() => STRATEGIES[strategy](task));
  return { exported, ...cost };
}
