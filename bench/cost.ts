import { z } from 'zod';

/** What work costs in a process of its own. */
export const costSchema = z.strictObject({
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

export type Cost = z.infer<typeof costSchema>;

const MB = 1024 * 1024;

const SAMPLE_MS = 500;

/** Does some work and measures what it costs; nothing else may have been done in this process. */
export async function costOf<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly cost: Cost }> {
  const startMb = process.memoryUsage.rss() / MB;
  const residentMb: number[] = [];
  const sampling = setInterval(
    () => residentMb.push(Math.round(process.memoryUsage.rss() / MB)),
    SAMPLE_MS,
  );
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const result = await work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(sampling);
  const cost = {
    seconds,
    cpuSeconds: (user + system) / 1_000_000,
    peakMb: process.resourceUsage().maxRSS / 1024,
    startMb,
    residentMb,
  };
  return { result, cost };
}
