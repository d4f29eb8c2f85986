import Table from 'cli-table3';
import type { Contest, Score } from './contest.ts';
import type { Derivation } from './derivation.ts';
import {
  cpuMsPerThousand,
  derivingCpuSeconds,
  derivingPeakMb,
  derivingSeconds,
  derivingToReading,
  neighbourRefused,
  throttledPerHundred,
  timeToIdeal,
  usersLost,
  usersPerSecond,
} from './figures.ts';
import type { Line, Results } from './measure.ts';
import type { Promised } from './promises.ts';
import type { Questions } from './questions.ts';

export const quotaInWords = ({ quota }: Contest): string =>
  quota === 'unlimited' ? 'no quota' : `${quota.requestsPerSecond}/s, burst ${quota.burst}`;

/** A strategy that loses more than this, in percent, is not early: it has not done its work. */
const TOLERABLE_LOSS = 5;

function time(score: Score): string {
  if ((100 * usersLost(score)) / score.contest.users > TOLERABLE_LOSS) return '–';
  const ratio = timeToIdeal(score);
  return ratio === undefined ? `${usersPerSecond(score).toFixed(0)} users/s` : ratio.toFixed(3);
}

const cells = ({ score, besideNeighbour }: Line): string[] => [
  quotaInWords(score.contest),
  score.contest.strategy,
  `${usersLost(score)} of ${score.contest.users}`,
  throttledPerHundred(score).toFixed(1),
  time(score),
  besideNeighbour ? `${neighbourRefused(besideNeighbour).toFixed(1)} %` : '–',
  cpuMsPerThousand(score).toFixed(0),
  score.peakMb.toFixed(0),
];

const derivationLine = (derivation: Derivation): string =>
  [
    `Derived data of ${derivation.users} users, ${derivation.changedUsers} changed: ${derivingSeconds(derivation).toFixed(1)} s`,
    `${derivingCpuSeconds(derivation).toFixed(1)} s of processor time (${derivingToReading(derivation).toFixed(1)} × reading both snapshots)`,
    `${derivingPeakMb(derivation).toFixed(0)} MB.`,
  ].join(', ');

function questionsTable({ users, dates, asked }: Questions): string {
  const table = new Table({
    head: ['saved query', 'CPU s', '÷ in the\nnewest two', 'peak MB'],
    style: { head: [], border: [] },
  });
  const line = ({ query, inAll, inTwo }: Questions['asked'][number]): string[] => [
    query,
    inAll.cpuSeconds.toFixed(1),
    (inAll.cpuSeconds / inTwo.cpuSeconds).toFixed(2),
    inAll.peakMb.toFixed(0),
  ];
  table.push(...asked.map(line));
  return `Questions to ${dates} dates of ${users} users:\n${table.toString()}`;
}

/** What the terminal shows of a bench. */
export function resultTable({
  lines,
  memory,
  derivations,
  questions,
  importTime,
  startTime,
}: Results): string {
  const table = new Table({
    head: [
      'quota',
      'strategy',
      'users lost',
      'throttled\nper 100 good',
      'time ÷ ideal',
      "neighbour's\ncalls refused",
      'CPU ms per\n1,000 users',
      'peak MB',
    ],
    style: { head: [], border: [] },
  });
  table.push(...lines.map(cells), ...memory.map((score) => cells({ score })));
  const { workerMs, clientsMs } = importTime;
  const { nodeMs, helpMs, exportMs, listedMs } = startTime;
  const ratio = (workerMs / clientsMs).toFixed(2);
  return [
    table.toString(),
    ...derivations.map(derivationLine),
    ...questions.map(questionsTable),
    `Import of the worker: ${workerMs.toFixed(0)} ms, ${ratio} × its two SDK clients alone (${clientsMs.toFixed(0)} ms).`,
    `Start of the command: --help ${helpMs.toFixed(0)} ms, first line of export ${exportMs.toFixed(0)} ms, its second, by when Connect was asked, ${listedMs.toFixed(0)} ms of processor time (node -e 0: ${nodeMs.toFixed(0)} ms).`,
  ].join('\n');
}

export const promiseList = (promises: readonly Promised[]): string =>
  promises
    .map(({ what, measured, kept }) => `${kept ? 'kept  ' : 'BROKEN'}  ${what}: ${measured}`)
    .join('\n');
