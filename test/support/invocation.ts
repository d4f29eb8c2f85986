import type { Context } from 'aws-lambda';
import { SHUTDOWN_MARGIN_MS } from '../../lambda/deadline.ts';

const FIFTEEN_MINUTES = 15 * 60_000;

/** How long an invocation lasts. */
export interface Lifetime {
  /** The time is up after so many looks at the clock: a few at the start, then one per user. Default: 15 minutes. */
  readonly looks?: number;
}

/** What a handler and its logger look at of an invocation, and nothing of the rest. */
export function invocation({ looks = Number.POSITIVE_INFINITY }: Lifetime = {}): Context {
  let looked = 0;
  return Object.assign(Object.create(null), {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => (looked++ < looks ? FIFTEEN_MINUTES : SHUTDOWN_MARGIN_MS),
  });
}

/** Keeps what is printed off the screen, until jest restores its mocks; it is added to the answer, piece by piece. */
export function keepPrinted(): string[] {
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  }
  return printed;
}
