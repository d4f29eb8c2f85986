import { ABOUT, randomStream } from './random.ts';

/** Milliseconds: always the same, or drawn evenly from a range. */
export type Latency = number | { readonly from: number; readonly to: number };

/** The delay of one answer after the other, in milliseconds. */
export function createLatency(latency: Latency, seed: number): () => number {
  if (typeof latency === 'number') return () => latency;
  const { from, to } = latency;
  const random = randomStream(seed, ABOUT.latency);
  return () => from + random() * (to - from);
}
