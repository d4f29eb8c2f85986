import { parseInstance } from '../../contract/instance.ts';
import { openDestination } from '../store/destination.ts';
import { type Agent, chosenInstance, latestAgents } from './agents.ts';
import type { Step } from './criteria.ts';
import { type Doubts, doubtsAbout } from './doubts.ts';
import { type MatchResult, tally } from './tally.ts';

/** Which snapshot to try the steps on. */
export interface Where {
  /** A folder, or `s3://bucket/prefix`. */
  readonly out: string;
  /** An id or ARN; absent: the only instance there is. */
  readonly instanceId?: string | undefined;
  readonly region?: string | undefined;
}

/** What was matched with what. */
export interface Matching {
  readonly instanceId: string;
  readonly result: MatchResult;
  /** Sentences on what is in the criteria and with nobody. */
  readonly doubts: readonly string[];
}

async function* seen(agents: AsyncIterable<Agent>, doubts: Doubts): AsyncGenerator<Agent> {
  for await (const agent of agents) {
    doubts.see(agent);
    yield agent;
  }
}

/**
 * Tries routing steps on the newest snapshot of an instance, which is read once, user by user.
 *
 * @param limit so many agents are named at most
 * @throws ExportFailure where there is no such snapshot, or it cannot be read
 */
export async function matchSnapshot(
  steps: readonly Step[],
  { out, instanceId, region }: Where,
  limit: number,
): Promise<Matching> {
  const store = await openDestination(out, region);
  const wanted = instanceId === undefined ? undefined : parseInstance(instanceId)?.id;
  const chosen = await chosenInstance(store, out, wanted);
  const doubts = doubtsAbout(steps);
  const result = await tally(steps, seen(latestAgents(store, out, chosen), doubts), limit);
  return { instanceId: chosen, result, doubts: doubts.sentences() };
}
