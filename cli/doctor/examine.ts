import { awsAccess } from '../../aws/access.ts';
import type { Call } from '../../aws/ask.ts';
import { configuredRegion } from '../../aws/configured-region.ts';
import { parseInstance } from '../../contract/instance.ts';
import { check } from '../../doctor/checklist.ts';
import { checkRun, type Limits, type Run } from '../../doctor/run-checks.ts';
import type { DoctorArguments } from './command.ts';
import { asJson, asText, tallyOf } from './print.ts';

/** Asks nobody: remembers what would be asked. */
function dryRun(): Run & { calls(): readonly { check: string; calls: readonly Call[] }[] } {
  const begun: { check: string; calls: readonly Call[] }[] = [];
  return {
    async start({ id, calls }) {
      begun.push({ check: id, calls });
      return undefined;
    },
    lines: async () => [],
    calls: () => begun,
  };
}

const listed = (plan: ReturnType<typeof dryRun>): string => {
  const lines = plan
    .calls()
    .flatMap(({ check, calls }) => calls.map((call) => `${check}: ${call}`));
  return `${[...lines, '', 'All of them read, and none changes anything. Nobody was asked.'].join('\n')}\n`;
};

/** Begins the checks that are asked for. */
async function begin(
  run: Run,
  options: DoctorArguments,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { instanceId, region, stack, qualifier, bucket, verify = false, probe = false } = options;
  const instance = instanceId === undefined ? undefined : parseInstance(instanceId);
  const means = {
    access: await awsAccess(environment),
    region: region ?? instance?.region ?? (await configuredRegion()),
    environment,
    clock: () => new Date(),
  };
  check(run, means, { instance, qualifier, bucket, stack, isFull: verify, isProbed: probe });
}

/**
 * Looks at what is asked for, and prints it.
 *
 * @param limits how long checks may take; default: by the clock of this computer
 * @returns how many findings are failures
 * @throws ExportFailure InvalidRequest where there is no Region, or a variable of the environment cannot be used
 */
export async function examine(
  options: DoctorArguments,
  environment: NodeJS.ProcessEnv,
  output: NodeJS.WritableStream,
  limits?: Limits,
): Promise<number> {
  if (options.dryRun) {
    const plan = dryRun();
    await begin(plan, options, environment);
    output.write(listed(plan));
    return 0;
  }
  const run = checkRun(limits);
  await begin(run, options, environment);
  const lines = await run.lines();
  output.write(options.format === 'json' ? asJson(lines, options.showIds === true) : asText(lines));
  return tallyOf(lines).failed;
}
