import * as fc from 'fast-check';
import { ExportFailure } from '../../../contract/failure.ts';
import type { WorkerResult } from '../../../contract/result.ts';
import { type Connect, UserFailure } from '../../../export/ports.ts';
import { FULL } from '../../support/breadth.ts';
import { deployedStack } from '../../support/deployed-answers.ts';
import { NO_EXTRAS, scriptedConnect } from '../../support/scripted-connect.ts';
import { definitionOf, type Retry } from '../../support/state-machine.ts';
import { unlimited, type World, world } from '../../support/world.ts';

/**
 * Slices of the real core, tried again as the deployed state machine says, against a Connect that is down for a while; on a
 * clock that each request moves.
 */

let retries: readonly Retry[];

beforeAll(async () => {
  const { States } = definitionOf(await deployedStack());
  retries = States['For each instance']?.ItemProcessor?.States['Export a slice']?.Retry ?? [];
});

/** Seconds that one request is tried for while Connect is down (`PATIENCE.troubleMs`), and that one takes while it is well. */
const PATIENCE = 180;
const ANSWER = 0.5;
/** Seconds after which a slice begins no further user, and after which it drops those in flight. */
const NO_MORE_USERS = 810;
const CUT = 840;

interface Outage {
  /** How many users are asked for at the same time: the more, the more of them fail. */
  readonly concurrency: number;
  /** Seconds after the run was begun. */
  readonly from: number;
  readonly to: number;
}

const secondsOf = (w: World): number => (w.now().getTime() - Date.UTC(2026, 10, 23, 2)) / 1000;

/** Seconds that a request takes, and whether it is answered; one that is begun late in an outage outlasts it. */
function request(
  now: number,
  { concurrency, from, to }: Outage,
): { seconds: number; answered: boolean } {
  if (now < from || now >= to) return { seconds: ANSWER, answered: true };
  return to - now < PATIENCE
    ? { seconds: to - now, answered: true }
    : { seconds: PATIENCE / concurrency, answered: false };
}

function unwell(w: World, outage: Outage, cut: () => void): Connect {
  const ask = (): boolean => {
    const { seconds, answered } = request(secondsOf(w), outage);
    w.pass(seconds);
    cut();
    return answered;
  };
  return {
    ...NO_EXTRAS,
    async *listUsers(instanceId, signal) {
      if (!ask()) throw new ExportFailure('ServiceUnavailable', 'Connect is down');
      yield* w.connect.listUsers(instanceId, signal);
    },
    proficiencyReader(instanceId, signal) {
      const read = w.connect.proficiencyReader(instanceId, signal);
      return async (id) => {
        signal.throwIfAborted();
        const answered = ask();
        signal.throwIfAborted();
        if (!answered) throw new UserFailure('ServiceUnavailableException', 'Connect is down');
        return read(id);
      };
    },
  };
}

/** One slice, for as long as Lambda would let it run. */
function slice(w: World, outage: Outage, runId: string | undefined): Promise<WorkerResult> {
  const begun = secondsOf(w);
  const abort = new AbortController();
  const connect = unwell(w, outage, () => {
    if (secondsOf(w) - begun >= CUT) abort.abort();
  });
  const deadline = {
    ...unlimited(),
    reached: () => secondsOf(w) - begun >= NO_MORE_USERS,
    signal: abort.signal,
  };
  const event = { scheduledTime: '2026-11-23T02:00:00Z', ...(runId && { runId }) };
  return w.slice(event, { connect, deadline, concurrency: outage.concurrency });
}

interface Ending {
  readonly result?: WorkerResult;
  readonly failure?: Error;
  readonly runIds: ReadonlySet<string>;
}

/** The loop of the state machine, over one instance. */
async function runThrough(w: World, outage: Outage): Promise<Ending> {
  const runIds = new Set<string>();
  let runId: string | undefined;
  let attempts = 0;
  for (;;) {
    try {
      const result = await slice(w, outage, runId);
      runIds.add(result.runId);
      if (result.status !== 'IN_PROGRESS') return { result, runIds };
      runId = result.runId;
      attempts = 0;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const retry = retries.find(({ ErrorEquals }) => ErrorEquals.includes(error.name));
      if (!retry || attempts === retry.MaxAttempts) return { failure: error, runIds };
      const { IntervalSeconds, BackoffRate, MaxDelaySeconds } = retry;
      w.pass(Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds));
      attempts += 1;
    }
  }
}

/** In the full run, more than two parts of them. */
const MANY = FULL ? 2500 : 500;

const minutes = (count: number): number => count * 60;

test('an outage of up to two hours costs no date, whenever it comes', async () => {
  const users = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: MANY }));
  await fc.assert(
    fc.asyncProperty(
      users,
      // Per cent of the time that the users take.
      fc.integer({ min: 0, max: 105 }),
      fc.integer({ min: 1, max: minutes(120) }),
      fc.constantFrom(1, 16, 400),
      async (count, percent, seconds, concurrency) => {
        const from = (percent / 100) * count * ANSWER;
        const w = world(scriptedConnect(count));
        const { result, failure, runIds } = await runThrough(w, {
          concurrency,
          from,
          to: from + seconds,
        });
        expect(failure).toBeUndefined();
        expect(result).toMatchObject({ status: 'PUBLISHED', usersDone: count, usersFailed: 0 });
        expect(runIds.size).toBe(1);
        expect(await w.rows()).toHaveLength(count);
      },
    ),
    // The longest outage, while some users are left, is always among them.
    { numRuns: FULL ? 60 : 5, seed: 2, examples: [[50, 20, minutes(120), 16]] },
  );
});

test.each([
  ['from the beginning', 50, 0],
  ['while few users are left', 50, 20],
  ['while many users are left', MANY, 2],
])(
  'a run that cannot go on ends, with the failure named: down for good %s',
  async (_, users, from) => {
    const w = world(scriptedConnect(users));
    const { failure } = await runThrough(w, {
      concurrency: 16,
      from,
      to: Number.POSITIVE_INFINITY,
    });
    expect(failure).toMatchObject({ name: 'ServiceUnavailable' });
    expect(secondsOf(w)).toBeGreaterThan(minutes(120));
    expect(secondsOf(w)).toBeLessThan(minutes(300));
  },
);

test('users that are broken for good are not waited for', async () => {
  const w = world(scriptedConnect(50, { 'user-0003': 'failing', 'user-0049': 'failing' }));
  const { failure } = await runThrough(w, { concurrency: 16, from: 0, to: 0 });
  expect(failure).toMatchObject({ name: 'IncompleteSnapshot' });
  expect(secondsOf(w)).toBeLessThan(minutes(1));
});
