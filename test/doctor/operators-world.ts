import { manifestKey, snapshotKey } from '../../contract/keys.ts';
import { type Manifest, manifestSchema } from '../../contract/manifest.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { type StandIn, startStandIn } from '../support/aws-stand-in.ts';
import { allIsWell, type DeployedStack, deployedStack } from '../support/deployed-answers.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3/server.ts';
import { type } from '../support/terminal.ts';

/** An account in which all is well: a deployed stack, a snapshot of today, and a Connect. */
export interface OperatorsWorld {
  readonly stack: DeployedStack;
  readonly standIn: StandIn;
  readonly s3: FakeS3;
  readonly simulator: Simulator;
  /** Replaces the manifest of the snapshot. */
  describe(change: Partial<Manifest>): void;
  /** Puts everything back as it was. */
  restore(): void;
  close(): Promise<void>;
}

const today = (): string => new Date().toISOString().slice(0, 10);

/** Sets the environment of this process to that of an operator, whose requests go to servers on this machine. */
export async function operatorsWorld(home: string): Promise<OperatorsWorld> {
  const simulator = await startSimulator({ users: 20, quota: 'unlimited' });
  const s3 = await startFakeS3('snapshots-of-proficiencies');
  const key = manifestKey(simulator.instanceId, today());
  const manifest = (): Manifest =>
    manifestSchema.parse(JSON.parse(String(s3.objects.get(key)?.bytes)));
  const stack = await deployedStack();
  const standIn = await startStandIn(allIsWell(stack, s3.bucket, simulator.instanceId, manifest));
  process.env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'SECRET',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // What is throttled or broken here stays so: there is nothing to wait for.
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL: standIn.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
  };
  const { exitCode, stderr } = await type(
    ...['export', '--instance-id', simulator.instanceId, '--out', `s3://${s3.bucket}`],
    ...['--requests-per-second', '10000'],
  );
  if (exitCode !== 0) throw new Error(stderr);
  standIn.reset();
  const published = [...s3.objects].map(([name, { bytes }]) => [name, Buffer.from(bytes)] as const);
  return {
    stack,
    standIn,
    s3,
    simulator,
    describe: (change) => s3.write(key, `${JSON.stringify({ ...manifest(), ...change })}\n`),
    restore() {
      standIn.reset();
      s3.clearFaults();
      simulator.setFaults([]);
      for (const name of [...s3.objects.keys()]) s3.remove(name);
      for (const [name, bytes] of published) s3.write(name, bytes);
    },
    async close() {
      await Promise.all([standIn.close(), s3.close(), simulator.close()]);
    },
  };
}

export const snapshotOfToday = ({ simulator }: OperatorsWorld): string =>
  snapshotKey(simulator.instanceId, today());
