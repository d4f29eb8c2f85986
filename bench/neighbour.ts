import { setTimeout as sleep } from 'node:timers/promises';

/** For so long somebody else calls ListUserProficiencies so often, steadily. */
export interface Phase {
  readonly seconds: number;
  readonly requestsPerSecond: number;
}

/** The access key id by which the simulator tells this caller from ours. */
export const NEIGHBOUR = 'NEIGHBOUR';

const HEADERS = {
  authorization: `AWS4-HMAC-SHA256 Credential=${NEIGHBOUR}/20261123/us-east-1/connect/aws4_request, SignedHeaders=host, Signature=0`,
};

/** Calls by the clock, not by the last answer: a refused call is not repeated. */
async function callSteadily(url: string, phase: Phase, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  const calls = Math.floor(phase.seconds * phase.requestsPerSecond);
  for (let call = 1; call <= calls; call++) {
    fetch(url, { headers: HEADERS })
      .then((response) => response.arrayBuffer())
      .catch(() => undefined);
    const next = begun + (call * 1000) / phase.requestsPerSecond;
    await sleep(Math.max(0, next - performance.now()), undefined, { signal });
  }
  const rest = begun + phase.seconds * 1000 - performance.now();
  await sleep(Math.max(0, rest), undefined, { signal });
}

/**
 * A second tenant of the account, through its phases or until it is stopped.
 *
 * @returns stops it
 */
export function startNeighbour(url: string, phases: readonly Phase[]): () => void {
  const stop = new AbortController();
  const live = async () => {
    for (const phase of phases) await callSteadily(url, phase, stop.signal);
  };
  live().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return () => stop.abort();
}
