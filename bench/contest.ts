import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fault } from '../simulator/faults/faults.ts';
import type { Quota } from '../simulator/quota.ts';
import { type Simulator, startSimulator } from '../simulator/server.ts';
import type { CallCounts } from '../simulator/tally.ts';
import { type Assignment, type Effort, effortSchema } from './contender.ts';
import { NEIGHBOUR, type Phase, startNeighbour } from './neighbour.ts';
import type { StrategyName } from './strategies.ts';

/** One strategy's task, and the world it is done in. */
export interface Contest {
  readonly strategy: StrategyName;
  readonly users: number;
  readonly quota: Quota | 'unlimited';
  /** Share of the quota that ours may use. */
  readonly share: number;
  readonly neighbour?: readonly Phase[];
  /** What goes wrong, and after how many seconds. */
  readonly storm?: { readonly afterSeconds: number; readonly seconds: number };
}

/** Calls answered in one second, and calls refused for the quota. */
export interface Second {
  readonly ours: number;
  readonly oursRefused: number;
  readonly neighbour: number;
  readonly neighbourRefused: number;
}

/** How a contest went. */
export interface Score extends Effort {
  readonly contest: Contest;
  readonly ours: CallCounts;
  readonly neighbour: CallCounts;
  /** From the beginning, second by second. */
  readonly course: readonly Second[];
}

/** Near enough to the network's, and with enough jitter that evenly sent requests do not arrive evenly. */
const LATENCY_MS = { from: 2, to: 8 };

/** More than the machine can do: the rate that stands for none. */
const UNLIMITED_RATE = 100_000;

const CONTENDER = 'CONTENDER';

const NO_CALLS: CallCounts = { ok: 0, throttled: 0, refused: 0, failed: 0 };

const callsOf = (simulator: Simulator, tenant: string): CallCounts =>
  simulator.stats()[tenant]?.ListUserProficiencies ?? NO_CALLS;

/** Watches the simulator's counts. */
function watch(simulator: Simulator): { stop(): readonly Second[] } {
  const counts = () => ({
    ours: callsOf(simulator, CONTENDER),
    neighbour: callsOf(simulator, NEIGHBOUR),
  });
  const course: Second[] = [];
  let before = counts();
  const timer = setInterval(() => {
    const now = counts();
    course.push({
      ours: now.ours.ok - before.ours.ok,
      oursRefused: now.ours.throttled - before.ours.throttled,
      neighbour: now.neighbour.ok - before.neighbour.ok,
      neighbourRefused: now.neighbour.throttled - before.neighbour.throttled,
    });
    before = now;
  }, 1000);
  return {
    stop() {
      clearInterval(timer);
      return course;
    },
  };
}

const storm = (seconds: number): Fault => ({
  fault: 'throttle',
  operations: ['ListUserProficiencies'],
  forMs: seconds * 1000,
});

/** Nothing of the caller's AWS settings: they would change what the SDK's defaults are. */
function environment(simulator: Simulator): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(others),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: CONTENDER,
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
}

async function runContender(
  program: string,
  assignment: Assignment,
  simulator: Simulator,
): Promise<Effort> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, JSON.stringify(assignment)],
    { env: environment(simulator) },
  );
  return effortSchema.parse(JSON.parse(stdout));
}

function urlOfAnyUser(simulator: Simulator): string {
  const user = simulator.dataset().user(0);
  return `${simulator.url}/users/${simulator.instanceId}/${user?.id}/proficiencies`;
}

/** Lets one strategy do its task in a process of its own, against a simulator of its own with full buckets. */
export async function hold(program: string, contest: Contest): Promise<Score> {
  const { strategy, users, quota, share } = contest;
  const simulator = await startSimulator({ users, quota, latencyMs: LATENCY_MS });
  const folder = await mkdtemp(join(tmpdir(), 'proficiency-bench-'));
  const watching = watch(simulator);
  const stopNeighbour = startNeighbour(urlOfAnyUser(simulator), contest.neighbour ?? []);
  const { afterSeconds = 0, seconds = 0 } = contest.storm ?? {};
  const brewing = setTimeout(() => simulator.setFaults([storm(seconds)]), afterSeconds * 1000);
  if (!contest.storm) clearTimeout(brewing);
  try {
    const rate = quota === 'unlimited' ? UNLIMITED_RATE : quota.requestsPerSecond * share;
    const { instanceId } = simulator;
    const assignment = { strategy, instanceId, requestsPerSecond: rate, folder };
    const effort = await runContender(program, assignment, simulator);
    return {
      ...effort,
      contest,
      ours: callsOf(simulator, CONTENDER),
      neighbour: callsOf(simulator, NEIGHBOUR),
      course: watching.stop(),
    };
  } finally {
    clearTimeout(brewing);
    watching.stop();
    stopNeighbour();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}
