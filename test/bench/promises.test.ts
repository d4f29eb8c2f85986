import type { Results } from '../../bench/measure.ts';
import { check } from '../../bench/promises.ts';
import type { Questions } from '../../bench/questions.ts';
import { cost, derivation, questions, results, score } from './scores.ts';

const NO_CALLS = { ok: 0, throttled: 0, refused: 0, failed: 0 };

const broken = (changes: Partial<Results>): string[] =>
  check(results(changes))
    .filter(({ kept }) => !kept)
    .map(({ what }) => what);

const {
  lines: [ours, bare, unlimited],
  storm,
} = results();
if (!ours || !bare || !unlimited || !storm) throw new Error('The results are not whole.');

const withSlowHistory: Questions = {
  ...questions(),
  asked: questions().asked.map((one) =>
    one.query === 'agent-history' ? { ...one, inAll: { cpuSeconds: 5.1, peakMb: 180 } } : one,
  ),
};

describe('the promises', () => {
  it('are all kept by a good run', () => {
    expect(broken({})).toEqual([]);
  });

  it.each<[string, Partial<Results>, RegExp]>([
    [
      'a lost user',
      { lines: [{ ...ours, score: score({ exported: 2_024 }) }, bare, unlimited] },
      /users lost/,
    ],
    [
      'refusals',
      {
        lines: [
          { ...ours, score: score({ ours: { ...NO_CALLS, ok: 100, throttled: 2 } }) },
          bare,
          unlimited,
        ],
      },
      /throttled/,
    ],
    [
      'a slow help',
      { startTime: { nodeMs: 40, helpMs: 201, exportMs: 190, listedMs: 480 } },
      /start of --help/,
    ],
    [
      'an export that is slow to begin',
      { startTime: { nodeMs: 40, helpMs: 90, exportMs: 201, listedMs: 480 } },
      /first line of export/,
    ],
    [
      'a slow run',
      { lines: [{ ...ours, score: score({ seconds: 104 }) }, bare, unlimited] },
      /ideal/,
    ],
    [
      'a neighbour refused',
      {
        lines: [
          { ...ours, besideNeighbour: score({ neighbour: { ...NO_CALLS, ok: 98, throttled: 2 } }) },
          bare,
          unlimited,
        ],
      },
      /neighbour/,
    ],
    [
      'slowness without a quota',
      { lines: [ours, bare, { score: { ...unlimited.score, seconds: 1.2 } }] },
      /bare loop/,
    ],
    [
      'a user lost in a turn that does not count for time',
      {
        lines: [ours, bare, { ...unlimited, turns: [unlimited.score, score({ exported: 2_024 })] }],
      },
      /users lost/,
    ],
    [
      'a neighbour who never got through',
      { lines: [{ ...ours, besideNeighbour: score({ neighbour: NO_CALLS }) }, bare, unlimited] },
      /neighbour/,
    ],
    [
      'a bare loop that read nobody',
      { lines: [ours, { score: { ...bare.score, exported: 0 } }, unlimited] },
      /bare loop/,
    ],
    ['users lost for memory', { memory: [score({ exported: 2_024 })] }, /MB/],
    [
      'a storm that came too late',
      { storm: { ...storm, course: storm.course.slice(0, 60) } },
      /half the rate/,
    ],
    ['growing memory', { memory: [score({ residentMb: [1, 1, 1, 1, 90, 90, 90, 90] })] }, /flat/],
    ['much memory', { memory: [score({ peakMb: 301 })] }, /MB/],
    [
      'much memory to derive, in one turn of several',
      {
        derivations: [
          derivation({
            turns: [
              ...derivation().turns,
              { reading: cost(), deriving: cost({ cpuSeconds: 2, peakMb: 513 }) },
            ],
          }),
        ],
      },
      /50000 users against as many in 512 MB/,
    ],
    [
      'a changed user who is not told of',
      { derivations: [derivation({ usersTold: 999 })] },
      /512 MB/,
    ],
    [
      'a slow derivation',
      {
        derivations: [
          derivation({ turns: [{ reading: cost(), deriving: cost({ cpuSeconds: 4.1 }) }] }),
        ],
      },
      /reading both snapshots/,
    ],
    [
      'a derivation that never had a turn',
      { derivations: [derivation({ users: 1_000_000, turns: [] })] },
      /1000000 users/,
    ],
    [
      'a question that takes longer in an old folder',
      { questions: [questions({ inAll: { cpuSeconds: 3.1, peakMb: 180 } })] },
      /query in 400 dates of 8000 users: processor time/,
    ],
    [
      'a question about all dates that takes too long',
      { questions: [withSlowHistory] },
      /about all of 400 dates of 8000 users: processor time/,
    ],
    [
      'much memory for a question',
      { questions: [questions({ inAll: { cpuSeconds: 2, peakMb: 501 } })] },
      /400 dates of 8000 users: MB/,
    ],
  ])('are broken by %s', (_, changes, what) => {
    expect(broken(changes)).toEqual([expect.stringMatching(what)]);
  });

  it('are broken by having measured nothing', () => {
    const { growingNeighbour: _, storm: __, startTime, ...quick } = results();
    const nothing = { lines: [], memory: [], derivations: [], questions: [] };
    const unmeasured = { ...startTime, nodeMs: Number.NaN };
    expect(
      check({ ...quick, ...nothing, startTime: unmeasured }).filter(({ kept }) => kept),
    ).toEqual([]);
  });

  it('say nothing of the time of snapshots that are read several times', () => {
    const turns = [{ reading: cost(), deriving: cost({ cpuSeconds: 20 }) }];
    expect(broken({ derivations: [derivation({ users: 1_000_000, turns })] })).toEqual([]);
  });

  it('are broken by a course without giving way', () => {
    const { growingNeighbour, storm } = results();
    const steady = Array(200).fill({ ours: 16, neighbour: 0, oursRefused: 0, neighbourRefused: 0 });
    expect(
      broken({
        ...(growingNeighbour && { growingNeighbour: { ...growingNeighbour, course: steady } }),
        ...(storm && { storm: { ...storm, course: steady } }),
      }),
    ).toEqual([expect.stringMatching(/yields/), expect.stringMatching(/half the rate/)]);
  });
});
