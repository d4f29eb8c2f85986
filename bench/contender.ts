import { z } from 'zod';
import { isStrategy, STRATEGIES } from './strategies.ts';

/** What a contender's process is started with, as JSON in its first argument. */
export const assignmentSchema = z.strictObject({
  strategy: z.string().refine(isStrategy),
  instanceId: z.string(),
  requestsPerSecond: z.number(),
  folder: z.string(),
});

/** What it prints at the end. */
export const effortSchema = z.strictObject({
  exported: z.int(),
  seconds: z.number(),
  /** Processor time of the work itself, without the start of the process. */
  cpuSeconds: z.number(),
  /** The most that was resident, in MB, Node and code included. */
  peakMb: z.number(),
  /** Resident before the work began. */
  startMb: z.number(),
  /** Resident in the course of the work, at equal intervals. */
  residentMb: z.array(z.number()),
});

export type Assignment = z.infer<typeof assignmentSchema>;
export type Effort = z.infer<typeof effortSchema>;

const MB = 1024 * 1024;

const SAMPLE_MS = 500;

/** Does one strategy's work and measures what it costs. */
export async function contend({ strategy, ...task }: Assignment): Promise<Effort> {
  const startMb = process.memoryUsage.rss() / MB;
  const residentMb: number[] = [];
  const sampling = setInterval(
    () => residentMb.push(Math.round(process.memoryUsage.rss() / MB)),
    SAMPLE_MS,
  );
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const exported = await STRATEGIES[strategy](task);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(sampling);
  return {
    exported,
    seconds,
    cpuSeconds: (user + system) / 1_000_000,
    peakMb: process.resourceUsage().maxRSS / 1024,
    startMb,
    residentMb,
  };
}
