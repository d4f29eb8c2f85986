import { setTimeout as sleep } from 'node:timers/promises';
import { type Contest, hold, type Score } from './contest.ts';
import { type Derivation, measureDerivation } from './derivation.ts';
import { type ImportTime, importTime } from './import-time.ts';
import type { Comparison, Plan } from './plan.ts';
import { measureQuestions, type Questions } from './questions.ts';
import { type StartTime, startTime } from './start-time.ts';
import type { StrategyName } from './strategies.ts';

/** One line of the table. */
export interface Line {
  /** Of several turns the fastest: whatever else the machine does can only slow a turn down. */
  readonly score: Score;
  /** All turns, where there were several. */
  readonly turns?: readonly Score[];
  /** The same strategy next to somebody who uses a fifth of the quota. */
  readonly besideNeighbour?: Score;
}

/** All that was measured. */
export interface Results {
  readonly lines: readonly Line[];
  readonly growingNeighbour?: Score;
  readonly storm?: Score;
  readonly memory: readonly Score[];
  readonly derivations: readonly Derivation[];
  readonly questions: readonly Questions[];
  readonly importTime: ImportTime;
  readonly startTime: StartTime;
}

export interface Tools {
  /** The contender's program, in one file. */
  readonly program: string;
  /** The program that derives, in one file. */
  readonly derivationProgram: string;
  /** The command line as the package has it. */
  readonly command: string;
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

async function line(tools: Tools, comparison: Comparison, strategy: StrategyName): Promise<Line> {
  const { quota, users, isSideBySide } = comparison;
  const shared = besideNeighbour(comparison, strategy);
  const contests = [{ strategy, users, quota, share: 1 }, ...(shared ? [shared] : [])];
  const apartMs = isSideBySide ? START_APART_MS : undefined;
  const [alone, beside] = await inTurn(contests, apartMs, (contest) => score(tools, contest));
  if (!alone) throw new Error('A contest has no score.');
  return { score: alone, ...(beside && { besideNeighbour: beside }) };
}

/** Between the starts of processes that run at once: to start takes all of a processor. */
const START_APART_MS = 1000;

/** Contests of one strategy at most: alone, and beside a neighbour. */
const CONTESTS = 2;

/**
 * One after the other, so that nothing but the machine's other work disturbs; or all at once, where it does not matter.
 *
 * @param apartMs between the beginnings of what is done at once; undefined: one after the other
 */
async function inTurn<T, R>(
  items: readonly T[],
  apartMs: number | undefined,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  if (apartMs !== undefined) {
    const begin = (item: T, index: number) => sleep(index * apartMs).then(() => work(item));
    return Promise.all(items.map(begin));
  }
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function fastest(lines: readonly Line[]): Line | undefined {
  const [first] = lines.toSorted((a, b) => a.score.seconds - b.score.seconds);
  if (!first || lines.length === 1) return first;
  return { ...first, turns: lines.map(({ score }) => score) };
}

async function compare(tools: Tools, comparison: Comparison): Promise<Line[]> {
  const { strategies, isSideBySide, turns } = comparison;
  const apartMs = isSideBySide ? CONTESTS * START_APART_MS : undefined;
  const lines: Line[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const have = (strategy: StrategyName) => line(tools, comparison, strategy);
    lines.push(...(await inTurn(strategies, apartMs, have)));
  }
  return strategies.flatMap((name) => {
    const turnsOfIt = lines.filter(({ score }) => score.contest.strategy === name);
    return fastest(turnsOfIt) ?? [];
  });
}

/** Measures all that is planned. */
export async function measure(plan: Plan, tools: Tools): Promise<Results> {
  const lines: Line[] = [];
  for (const comparison of plan.comparisons) lines.push(...(await compare(tools, comparison)));
  const growingNeighbour = plan.growingNeighbour && (await score(tools, plan.growingNeighbour));
  const storm = plan.storm && (await score(tools, plan.storm));
  const memory: Score[] = [];
  for (const users of plan.memoryUsers) {
    memory.push(await score(tools, { strategy: 'ours', users, quota: 'unlimited', share: 1 }));
  }
  const derivations: Derivation[] = [];
  for (const derivation of plan.derivations) {
    tools.say(`deriving: ${derivation.users} users`);
    derivations.push(await measureDerivation(tools.derivationProgram, derivation));
  }
  const questions: Questions[] = [];
  for (const folder of plan.questions) {
    tools.say(`asking: ${folder.users} users, ${folder.dates} dates`);
    questions.push(await measureQuestions(tools.command, folder));
  }
  tools.say('importing the worker');
  return {
    lines,
    memory,
    derivations,
    questions,
    importTime: await importTime(tools.root, tools.folder, plan.imports),
    startTime: await startTime(tools.command, tools.folder, plan.starts),
    ...(growingNeighbour && { growingNeighbour }),
    ...(storm && { storm }),
  };
}
