import { ExportFailure } from '../contract/failure.ts';
import { TARGETS_FILE_KEY } from '../contract/keys.ts';
import { DEFAULT_USER_DETAILS } from '../contract/user-details.ts';
import { PreconditionFailed } from '../export/ports.ts';
import { unfinishedRun } from '../export/publish/visible.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator/server.ts';
import { exitCodeAfter, runCommandLine } from './command-line.ts';
import { exportInstance } from './export/export-instance.ts';
import { Interrupted } from './export/interruption.ts';
import { folderStore } from './store/folder-store.ts';

/** `npm start`: the whole job on this computer, with a simulated contact centre of this many agents on its first day. */
const USERS = 500;

/** Days with a snapshot, the last of which is today: a week. */
const DAYS = 7;

/** Connect's own default is 2 per second, at which one snapshot would take four minutes. */
const QUOTA = { requestsPerSecond: 125, burst: 125 };

/** The default share of the quota: 0.8. */
const RATE = 100;

const OUT = './out';

const CHANGES = `
  SELECT change, user_status, count(*) AS changes, count(DISTINCT user_id) AS agents
  FROM proficiency_changes GROUP BY 1, 2 ORDER BY 1, 2`;

/** What to ask of the snapshots, with arguments that keep each answer on one screen. */
const QUESTIONS: readonly (readonly string[])[] = [
  ['agents-with-proficiency', '--param', 'attribute_value=French', '--param', 'minimum_level=5'],
  ['single-points-of-failure', '--param', 'minimum_level=5'],
  ['coverage-against-targets'],
  ['agents-to-train-next', '--param', 'minimum_agents=0'],
  [CHANGES],
  ['proficiency-trend', '--param', 'attribute_value=Ελληνικά', '--param', 'period=day'],
  ['coverage-by-team', '--param', 'attribute_value=French', '--param', 'hierarchy_level=1'],
];

/** What a planner could ask for: of Íslenska and the fraud desk more than there are. */
const TARGETS = `attribute_name,attribute_value,minimum_level,minimum_agents
Language,French,5,8
Language,Íslenska,5,6
Certification,PCI DSS,3,20
Certification,Fraud desk,4,12
`;

/** Those that somebody has set since the last demonstration stay. */
async function setTargets(): Promise<void> {
  try {
    await folderStore(OUT).put(TARGETS_FILE_KEY, Buffer.from(TARGETS), { ifNoneMatch: '*' });
    console.log(`\nWhat a planner wants is in ${OUT}/${TARGETS_FILE_KEY}.`);
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
  }
}

/** The simulator takes any credentials; a profile or a proxy of the user's must not get in the way. */
function useSimulator(url: string): void {
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...others } = process.env;
  process.env = {
    ...others,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_CONNECT: url,
    no_proxy: '*',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulator',
    AWS_SECRET_ACCESS_KEY: 'simulator',
  };
}

/** Shows the command that a person would type, and runs it. */
async function type(...words: string[]): Promise<number> {
  const quoted = words.map((word) => (/\s/.test(word) ? `"${word}"` : word));
  console.log(`\n$ npx proficiencies ${quoted.join(' ')}`);
  return runCommandLine(words);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Far more than this computer manages: nobody watches the days before today. */
const AS_FAST_AS_CAN_BE = 100_000;

/** What the command takes where it is told nothing. */
const DEFAULTS = {
  timeZone: 'UTC',
  allowedFailedUsers: 0,
  usernames: true,
  userDetails: DEFAULT_USER_DETAILS,
  predefinedAttributes: true,
} as const;

/** A snapshot is of now: only here can the clock be set back, because the people of a day before can be made up. */
async function exportAsOf(daysAgo: number, instanceId: string, resume: boolean): Promise<void> {
  const { result } = await exportInstance(
    { ...DEFAULTS, instanceId, resume, requestsPerSecond: AS_FAST_AS_CAN_BE },
    folderStore(OUT),
    () => new Date(Date.now() - daysAgo * DAY_MS),
  );
  if (result.status === 'IN_PROGRESS') throw new Interrupted('Stopped; npm start begins again.');
  if (result.status === 'SKIPPED') throw new ExportFailure('InvalidRequest', `${result.reason}`);
}

/** Of the days before today, each of which touches the people of the one before: some come, go, learn, move or are renamed. */
async function exportHistory(simulator: Simulator): Promise<void> {
  const { instanceId } = simulator;
  console.log(
    `\nFirst the snapshots of the ${DAYS - 1} days before, so that there is something to compare with.`,
  );
  useSimulator(simulator.url);
  // A run that was cut off keeps others waiting: it is finished first.
  if (await unfinishedRun(folderStore(OUT), instanceId)) await exportAsOf(0, instanceId, true);
  for (let day = 0; day < DAYS - 1; day++) {
    simulator.goToDay(day);
    await exportAsOf(DAYS - 1 - day, instanceId, false);
  }
}

async function exportAndAsk(instanceId: string): Promise<number> {
  const exported = await type(
    ...['export', '--instance-id', instanceId, '--out', OUT, '--resume'],
    ...['--requests-per-second', String(RATE)],
  );
  if (exported !== 0) return exported;
  for (const question of QUESTIONS) await type('query', ...question, '--out', OUT);
  const verified = await type('verify', OUT);
  return verified === 0 ? type('report', '--out', OUT) : verified;
}

const WHERE_NEXT = `
Where to look next
  out/report.html                                  open it in a browser
  npx proficiencies query --list                   all the questions that are ready to ask
  npx proficiencies query "SELECT * FROM proficiencies_flat LIMIT 5"
  npx proficiencies simulate                       the simulator alone, at Connect's own pace
  README.md                                        deploy it: npx cdk deploy -c instanceIds=…`;

/** For as long as somebody uses it. */
async function withSimulator<T>(
  options: SimulatorOptions,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator({ users: USERS, ...options });
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

const history = (): Promise<void> =>
  withSimulator({ quota: 'unlimited', latencyMs: 0 }, exportHistory);

const today = (): Promise<number> =>
  withSimulator({ quota: QUOTA, day: DAYS - 1 }, async ({ url, instanceId }) => {
    await setTargets();
    console.log(`\nA simulated Amazon Connect with about ${USERS} users answers at ${url}.`);
    useSimulator(url);
    return exportAndAsk(instanceId);
  });

process.exitCode = (await exitCodeAfter(history)) || (await today());
if (process.exitCode === 0) console.log(WHERE_NEXT);
