import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import { FAILURE_NAMES } from '../../contract/failure.ts';
import { WORKER_STATUSES } from '../../contract/result.ts';
import { snapshotPublishedSchema } from '../../contract/snapshot-published.ts';
import type { Lifetime } from './invocation.ts';

const DRIVER = join(__dirname, 'worker-driver.mjs');

const resultSchema = z.strictObject({
  status: z.enum(WORKER_STATUSES),
  instanceId: z.string(),
  runId: z.string(),
  snapshotDate: z.string(),
  usersTotal: z.number(),
  usersDone: z.number(),
  usersFailed: z.number(),
  percent: z.number(),
  estimatedSecondsLeft: z.number(),
  snapshotUri: z.string().optional(),
  manifestUri: z.string().optional(),
  retryAfterSeconds: z.number().optional(),
  reason: z.string().optional(),
});

const deriveSchema = z.strictObject({
  detail: snapshotPublishedSchema,
  derived: z.strictObject({
    latest: z.enum(['written', 'unchanged', 'none']),
    changesWritten: z.array(z.string()),
    changesLeft: z.number(),
    damages: z.array(z.strictObject({ of: z.string(), message: z.string() })),
  }),
});

/** What Lambda would hand to the workflow: never an error without a name of the contract. */
const answerSchema = z.strictObject({
  result: z.unknown().optional(),
  failure: z
    .strictObject({
      type: z.literal('ExportFailure'),
      name: z.enum(FAILURE_NAMES),
      message: z.string(),
    })
    .optional(),
});

interface Answer<Result> {
  readonly result?: Result | undefined;
  readonly failure?: z.infer<typeof answerSchema>['failure'];
}

export type WorkerAnswer = Answer<z.infer<typeof resultSchema>>;

/** A built bundle in a process of its own, given nothing but an environment. */
export interface FunctionProcess<Result> {
  /** One invocation; `undefined` where the process was killed before it answered. */
  invoke(event: unknown, life?: Lifetime): Promise<Answer<Result> | undefined>;
  /** Everything printed so far. */
  output(): string;
  /** SIGKILL; over when the process is gone. */
  kill(): Promise<void>;
}

export type WorkerProcess = FunctionProcess<z.infer<typeof resultSchema>>;
export type DeriverProcess = FunctionProcess<z.infer<typeof deriveSchema>>;

type Environment = Readonly<Record<string, string>>;

export const startWorker = (bundle: string, environment: Environment): Promise<WorkerProcess> =>
  startFunction(bundle, environment, resultSchema);

export const startDeriver = (bundle: string, environment: Environment): Promise<DeriverProcess> =>
  startFunction(bundle, environment, deriveSchema);

/** A cold start: the bundle is loaded, the handler has not been called. */
async function startFunction<Result>(
  bundle: string,
  environment: Environment,
  schema: z.ZodType<Result>,
): Promise<FunctionProcess<Result>> {
  const child = fork(DRIVER, [bundle], { env: environment, execArgv: [], silent: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exit = once(child, 'exit').then(() => undefined);
  const nextMessage = (): Promise<unknown> =>
    Promise.race([once(child, 'message').then(([message]) => message), exit]);
  if ((await nextMessage()) !== 'ready') throw new Error(`The bundle does not load: ${output}`);

  return {
    async invoke(event, life = {}) {
      child.send({ event, life });
      const answer = await nextMessage();
      if (answer === undefined) return undefined;
      const { result, failure } = answerSchema.parse(answer);
      return failure ? { failure } : { result: schema.parse(result) };
    },
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Invokes as the workflow does: again with the run id for as long as the run is in progress. */
export async function drive(
  worker: WorkerProcess,
  event: { readonly instanceId: string },
  life?: Lifetime,
): Promise<(WorkerAnswer | undefined)[]> {
  const answers: (WorkerAnswer | undefined)[] = [];
  let next: unknown = event;
  do {
    const answer = await worker.invoke(next, life);
    answers.push(answer);
    const { instanceId, runId } = answer?.result ?? {};
    next = { instanceId, runId };
  } while (answers.at(-1)?.result?.status === 'IN_PROGRESS');
  return answers;
}
