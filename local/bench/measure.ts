import { type Contest, hold, type Score } from './contest.ts';
import { type ImportTime, importTime } from './import-time.ts';
import type { Comparison, Plan } from './plan.ts';
import type { StrategyName } from './strategies.ts';

/** One line of the table. */
export interface Line {
  readonly score: Score;
  /** The same strategy next to somebody who uses a fifth of the quota. */
  readonly besideNeighbour?: Score;
}

/** All that was measured. */
export interface Results {
  readonly lines: readonly Line[];
  readonly growingNeighbour?: Score;
  readonly storm?: Score;
  readonly memory: readonly Score[];
  readonly importTime: ImportTime;
}

export interface Tools {
  /** The contender's program, in one file. */
  readonly program: string;
  readonly root: string;
  /** For files that are made on the way. */
  readonly folder: string;
  /** Told what is being done. */
  say(what: string): void;
}

const inWords = ({ quota, users, strategy }: Contest): string => {
  const limit =
    quota === 'unlimited' ? 'no quota' : `${quota.requestsPerSecond}/s, burst ${quota.burst}`;
  return `${strategy}: ${users} users, ${limit}`;
};

function score({ program, say }: Tools, contest: Contest): Promise<Score> {
  say(inWords(contest));
  return hold(program, contest);
}

function besideNeighbour(comparison: Comparison, strategy: StrategyName): Contest | undefined {
  const { quota, usersBesideNeighbour: users, besideNeighbour } = comparison;
  if (quota === 'unlimited' || users === undefined) return undefined;
  if (!besideNeighbour?.includes(strategy)) return undefined;
  const requestsPerSecond = 0.2 * quota.requestsPerSecond;
  // Longer than any strategy takes: the neighbour is stopped with it.
  const neighbour = [{ seconds: 3600, requestsPerSecond }];
  return { strategy, users, quota, share: 0.8, neighbour };
}

async function compare(tools: Tools, comparison: Comparison): Promise<Line[]> {
  const { quota, users, strategies } = comparison;
  const lines: Line[] = [];
  for (const strategy of strategies) {
    const alone = await score(tools, { strategy, users, quota, share: 1 });
    const shared = besideNeighbour(comparison, strategy);
    lines.push({
      score: alone,
      ...(shared && { besideNeighbour: await score(tools, shared) }),
    });
  }
  return lines;
}

/** Measures one thing after the other, so that nothing but the machine's other work disturbs. */
export async function measure(plan: Plan, tools: Tools): Promise<Results> {
  const lines: Line[] = [];
  for (const comparison of plan.comparisons) lines.push(...(await compare(tools, comparison)));
  const growingNeighbour = plan.growingNeighbour && (await score(tools, plan.growingNeighbour));
  const storm = plan.storm && (await score(tools, plan.storm));
  const memory: Score[] = [];
  for (const users of plan.memoryUsers) {
    memory.push(await score(tools, { strategy: 'ours', users, quota: 'unlimited', share: 1 }));
  }
  tools.say('importing the worker');
  return {
    lines,
    memory,
    importTime: await importTime(tools.root, tools.folder, plan.imports),
    ...(growingNeighbour && { growingNeighbour }),
    ...(storm && { storm }),
  };
}
