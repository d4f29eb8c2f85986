import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The AWS CLI against an emulator. */
export type AwsCli = (...args: string[]) => Promise<unknown>;

/** @returns a function that runs `aws …` and gives what it prints, parsed */
export const awsCli =
  (endpoint: string): AwsCli =>
  async (...args) => {
    const { stdout } = await run('aws', ['--endpoint-url', endpoint, '--output', 'json', ...args], {
      env: { ...process.env, ...emulatedAws(endpoint) },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };

/** What every AWS tool needs to talk to an emulator instead of AWS. */
export const emulatedAws = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
});
