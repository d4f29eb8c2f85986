import { once } from 'node:events';
import { Command } from 'commander';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { DEFAULT_QUOTA_SHARE } from '../../contract/pace.ts';
import { REGION } from '../../simulator/answers/json.ts';
import { DEFAULT_QUOTA } from '../../simulator/quota.ts';
import type { Simulator } from '../../simulator/server.ts';
import { positive, wholeNumber } from '../arguments.ts';

interface SimulateOptions {
  readonly port: number;
  readonly users: number;
  readonly seed: number;
  readonly day: number;
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly latencyMs: number;
}

/** `proficiencies simulate`: an Amazon Connect instance on this computer, until Ctrl-C. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('run a simulated Amazon Connect instance on this computer until Ctrl-C')
    .option(
      '--port <number>',
      'TCP port on 127.0.0.1; 0 takes a free one',
      wholeNumber(0, 65_535),
      0,
    )
    .option('--users <number>', 'users of the instance', wholeNumber(0, 10_000_000), 500)
    .option('--seed <number>', 'another seed, other people', wholeNumber(0, 2 ** 31), 1)
    .option(
      '--day <number>',
      'days passed; each changes about 4 % of the users',
      wholeNumber(0, 365),
      0,
    )
    .option(
      '--requests-per-second <number>',
      'quota of each operation',
      positive,
      DEFAULT_QUOTA.requestsPerSecond,
    )
    .option(
      '--burst <number>',
      'requests each operation bears at once',
      wholeNumber(1, 1_000_000),
      DEFAULT_QUOTA.burst,
    )
    .option('--latency-ms <number>', 'milliseconds until an answer', wholeNumber(0, 60_000), 3)
    .action(simulate);
}

async function simulate({ requestsPerSecond, burst, ...options }: SimulateOptions): Promise<void> {
  // A whole Connect takes a while to load: only a simulation waits for it.
  const { startSimulator } = await import('../../simulator/server.ts');
  const quota = { requestsPerSecond, burst };
  const simulator = await startSimulator({ ...options, quota }).catch((error: unknown) => {
    throw portFailure(options.port, error);
  });
  console.log(introduction(simulator, requestsPerSecond));
  const stop = new AbortController();
  await Promise.race([
    once(process, 'SIGINT', { signal: stop.signal }),
    once(process, 'SIGTERM', { signal: stop.signal }),
  ]);
  stop.abort();
  await simulator.close();
}

/** What a person can do about a port that cannot be listened on. */
function portFailure(port: number, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error && error.code;
  if (code === 'EADDRINUSE') {
    return new ExportFailure(
      'InvalidRequest',
      `Port ${port} is in use: choose another by --port, or leave it out.`,
    );
  }
  if (code === 'EACCES') {
    return new ExportFailure(
      'InvalidRequest',
      `Port ${port} needs rights you do not have: choose one from 1024 by --port.`,
    );
  }
  return error;
}

function introduction({ url, instanceId, dataset }: Simulator, requestsPerSecond: number): string {
  const endpoint = `AWS_ENDPOINT_URL_CONNECT=${url}`;
  const credentials = 'AWS_ACCESS_KEY_ID=simulator AWS_SECRET_ACCESS_KEY=simulator';
  // Service Quotas of a real account would say nothing of this instance.
  const rate = Math.round(100 * DEFAULT_QUOTA_SHARE * requestsPerSecond) / 100;
  // Version 1 of the AWS CLI does not know AWS_REGION.
  return `Simulated Amazon Connect at ${url}
Instance ${instanceId} with ${dataset().count()} users; ${requestsPerSecond} requests per second per operation

Export it:
  ${endpoint} AWS_REGION=${REGION} ${credentials} npx ${COMMAND_NAME} export --instance-id ${instanceId} --requests-per-second ${rate}

Ask it with the AWS CLI:
  ${endpoint} ${credentials} aws connect list-users --region ${REGION} --instance-id ${instanceId} --max-items 5

Stop it with Ctrl-C.`;
}
