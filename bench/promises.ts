import type { Derivation } from './derivation.ts';
import {
  derivingPeakMb,
  derivingToReading,
  neighbourRefused,
  rise,
  secondsUntil,
  throttledPerHundred,
  timeToIdeal,
  usersLost,
  usersPerSecond,
} from './figures.ts';
import type { Results } from './measure.ts';
import type { Questions } from './questions.ts';

/** Something that the exporter promises, and whether this run of the bench bears it out. */
export interface Promised {
  readonly what: string;
  readonly measured: string;
  readonly kept: boolean;
}

const promised = (what: string, measured: string, kept: boolean): Promised => ({
  what,
  measured,
  kept,
});

/** Without a measurement, no promise counts as kept. */
const below = (what: string, values: readonly number[], limit: number): Promised =>
  promised(
    `${what} at most ${limit}`,
    Math.max(...values).toFixed(3),
    values.length > 0 && values.every((value) => value <= limit),
  );

function ofPacing({ lines }: Results): Promised[] {
  const ours = lines.filter(({ score }) => score.contest.strategy === 'ours');
  const alone = ours.flatMap(({ score, turns = [score] }) => turns);
  const beside = ours.flatMap(({ besideNeighbour }) => besideNeighbour ?? []);
  const all = [...alone, ...beside];
  const ratios = ours.flatMap(({ score }) => timeToIdeal(score) ?? []);
  return [
    below('users lost', all.map(usersLost), 0),
    below('throttled per 100 good calls', all.map(throttledPerHundred), 1),
    below('time ÷ ideal', ratios, 1.03),
    below("percent of a steady neighbour's calls refused", beside.map(neighbourRefused), 1),
  ];
}

function ofSpeed({ lines }: Results): Promised[] {
  const speedOf = (name: string): number => {
    const line = lines.find(
      ({ score: { contest } }) => contest.quota === 'unlimited' && contest.strategy === name,
    );
    return line ? usersPerSecond(line.score) : Number.NaN;
  };
  const ratio = speedOf('ours') / speedOf('bare loop, as many in flight as ours');
  return [
    promised(
      'users/s at least 0.9 × a bare loop',
      ratio.toFixed(3),
      Number.isFinite(ratio) && ratio >= 0.9,
    ),
  ];
}

function ofGivingWay({ growingNeighbour }: Results): Promised[] {
  if (!growingNeighbour) return [];
  const [steady, grown] = growingNeighbour.contest.neighbour ?? [];
  const grows = steady?.seconds ?? 0;
  const stops = grows + (grown?.seconds ?? 0);
  // The quota is 20/s; the neighbour takes 12 of it and leaves 8.
  const yields = secondsUntil(growingNeighbour, grows, (rate) => rate <= 9);
  const returns = secondsUntil(growingNeighbour, stops, (rate) => rate >= 15);
  return [
    below('users lost beside a growing neighbour', [usersLost(growingNeighbour)], 0),
    promised('yields to a neighbour within 30 s', `${yields} s`, (yields ?? 99) <= 30),
    promised('comes back within 120 s', `${returns} s`, (returns ?? 999) <= 120),
  ];
}

function ofStorm({ storm }: Results): Promised[] {
  if (!storm) return [];
  const { afterSeconds = 0, seconds = 0 } = storm.contest.storm ?? {};
  const end = afterSeconds + seconds;
  const afterwards = storm.course.slice(end, end + 20).map(({ ours }) => ours);
  const most = Math.max(...afterwards);
  return [
    below('users lost to a storm of 60 s', [usersLost(storm)], 0),
    promised(
      'at most half the rate within 20 s after it',
      `${most} calls/s`,
      afterwards.length === 20 && most <= 10,
    ),
  ];
}

function ofMemory({ memory }: Results): Promised[] {
  return memory.map((score) => {
    const { users } = score.contest;
    const limit = users >= 1_000_000 ? 512 : 300;
    const risen = rise(score);
    return promised(
      `${users} users in ${limit} MB, flat`,
      `${score.peakMb.toFixed(0)} MB, ${risen} MB more at the end, ${usersLost(score)} users lost`,
      score.peakMb <= limit && risen <= 50 && usersLost(score) === 0,
    );
  });
}

/** The memory of a worker that derives. */
const DERIVING_MB = 512;

/** Up to so many users: of more, both snapshots are read several times (`compare` says how often). */
const READ_ONCE = 50_000;

function ofDerivation(derivation: Derivation): Promised[] {
  const { users, changedUsers, usersTold, turns } = derivation;
  const peakMb = derivingPeakMb(derivation);
  const told = promised(
    `${users} users against as many in ${DERIVING_MB} MB`,
    `${peakMb.toFixed(0)} MB, ${usersTold} of ${changedUsers} changed users told`,
    turns.length > 0 && peakMb <= DERIVING_MB && usersTold === changedUsers,
  );
  if (users > READ_ONCE) return [told];
  const ratio = [derivingToReading(derivation)];
  return [told, below(`${users} users: processor time ÷ reading both snapshots`, ratio, 4)];
}

/** It counts the rows of every snapshot, so it takes longer the more there are. */
const OF_ALL_SNAPSHOTS = 'export-health';

/** They tell of every date, by its changes, which are few. */
const OF_ALL_CHANGES: readonly string[] = [
  'abandoned-proficiencies',
  'agent-history',
  'proficiency-trend',
];

function ofQuestions({ users, dates, asked }: Questions): Promised[] {
  const ratiosOf = (isMeant: (query: string) => boolean): readonly number[] =>
    asked
      .filter(({ query }) => isMeant(query))
      .map(({ inAll, inTwo }) => inAll.cpuSeconds / inTwo.cpuSeconds);
  const ofSome = ratiosOf((query) => ![OF_ALL_SNAPSHOTS, ...OF_ALL_CHANGES].includes(query));
  const ofAll = ratiosOf((query) => OF_ALL_CHANGES.includes(query));
  const peaks = asked.map(({ inAll }) => inAll.peakMb);
  const where = `${dates} dates of ${users} users`;
  return [
    below(`a query in ${where}: processor time ÷ that in the newest two`, ofSome, 1.5),
    below(`a query about all of ${where}: processor time ÷ that in the newest two`, ofAll, 2.5),
    below(`a query in ${where}: MB`, peaks, 500),
  ];
}

function ofStarting({ startTime: { nodeMs, helpMs, exportMs } }: Results): Promised[] {
  return [
    below('start of --help ÷ that of node -e 0', [helpMs / nodeMs], 5),
    below('first line of export ÷ start of node -e 0', [exportMs / nodeMs], 5),
  ];
}

/** Holds the results against what the README promises. */
export const check = (results: Results): Promised[] => [
  ...ofPacing(results),
  ...ofSpeed(results),
  ...ofGivingWay(results),
  ...ofStorm(results),
  ...ofMemory(results),
  ...results.derivations.flatMap(ofDerivation),
  ...results.questions.flatMap(ofQuestions),
  ...ofStarting(results),
];
