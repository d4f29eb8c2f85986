import { manifestKey } from '../../contract/keys.ts';
import { resourcesWith } from '../support/deployed-answers.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { doctor, type Line } from './asking.ts';
import { type OperatorsWorld, operatorsWorld, snapshotOfToday } from './operators-world.ts';
import type { Trouble } from './trouble.ts';
import { AFTER_TROUBLES } from './troubles-after.ts';
import { BEFORE_TROUBLES } from './troubles-before.ts';

const newFolder = temporaryFolders();
const own = process.env;
let world: OperatorsWorld;

beforeAll(async () => {
  world = await operatorsWorld(newFolder());
});

afterAll(async () => {
  process.env = own;
  await world.close();
});

const BEFORE = (): string[] => ['--instance-id', world.simulator.instanceId];
const AFTER = (): string[] => [];

const isDisturbed = (check: string, { disturbs = [] }: Trouble): boolean =>
  disturbs === 'all' || disturbs.includes(check);

const canBeTogether = (one: Trouble, other: Trouble): boolean =>
  one.check !== other.check && !isDisturbed(one.check, other) && !isDisturbed(other.check, one);

/** Troubles that do not disturb each other are had at once, for each run takes its time. */
function together(troubles: readonly Trouble[]): readonly (readonly Trouble[])[] {
  const groups: Trouble[][] = [];
  for (const trouble of troubles) {
    const group = groups.find((one) => one.every((other) => canBeTogether(trouble, other)));
    if (group) group.push(trouble);
    else groups.push([trouble]);
  }
  return groups;
}

describe.each([
  ['before deploying', BEFORE_TROUBLES, BEFORE],
  ['after deploying', AFTER_TROUBLES, AFTER],
] as const)('%s', (_, troubles, words) => {
  it('finds nothing where all is well', async () => {
    const findings = await doctor(world, ...words());
    expect(findings.filter(({ mark }) => mark !== 'ok')).toEqual([]);
    expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThan(5);
  });

  describe.each(
    together(troubles).map((group) => [group.map(({ of }) => of).join(', '), group] as const),
  )('with %s', (_, group) => {
    let findings: readonly Line[];

    beforeAll(async () => {
      const { env } = process;
      process.env = { ...env };
      for (const { arrange } of group) arrange(world);
      findings = await doctor(world, ...words());
      process.env = env;
      world.restore();
    });

    it.each(group.map((trouble) => [trouble.of, trouble] as const))(
      'tells of %s',
      (_, { check, mark, says, remedy = /./ }) => {
        const lines = findings.filter((line) => line.check === check);
        const line = lines.find((candidate) => says.test(candidate.says));
        expect({ line: line?.mark, lines }).toEqual({ line: mark, lines });
        if (line?.remedy !== undefined) expect(line.remedy).toMatch(remedy);
      },
    );
  });
});

it('looks into a bucket that was brought along, once it is named', async () => {
  const { bucket } = world.s3;
  world.standIn.answer(
    'cloudformation:ListStackResources',
    resourcesWith(world.stack, ({ ResourceType }) => ResourceType !== 'AWS::S3::Bucket'),
  );
  const unnamed = await doctor(world, '--stack', 'MyApp');
  expect(unnamed.filter(({ mark }) => mark !== 'ok')).toEqual([
    expect.objectContaining({
      check: 'stack',
      mark: 'warning',
      remedy: 'give the name of the bucket: --stack MyApp --bucket NAME',
    }),
    ...['bucket', 'snapshots', 'athena'].map((check) =>
      expect.objectContaining({ check, mark: 'not asked' }),
    ),
  ]);
  const named = await doctor(world, '--stack', 'MyApp', '--bucket', bucket);
  world.restore();
  expect(named.filter(({ mark }) => mark !== 'ok')).toEqual([]);
  expect(named.filter(({ check }) => check === 'bucket')).toHaveLength(4);
  expect(named).toContainEqual(expect.objectContaining({ check: 'athena', mark: 'ok' }));
});

it('tells of each instance, whatever is the matter with the snapshot of another', async () => {
  const other = '22222222-2222-4333-8444-555555555555';
  const { instanceId } = world.simulator;
  const state = { Parameters: { instanceIds: [other, instanceId] } };
  const definition = JSON.stringify({ States: { Instances: state } });
  world.standIn.answer('states:DescribeStateMachine', { result: { definition } });
  world.s3.write(manifestKey(other, '2026-11-23'), '{"instance_id":');
  const findings = await doctor(world);
  world.restore();
  expect(findings.filter(({ check }) => check === 'snapshots')).toEqual([
    expect.objectContaining({ mark: 'failed', says: expect.stringMatching(/is damaged/) }),
    ...['The newest snapshot of', 'The snapshot of', 'What is derived from the snapshot of'].map(
      (subject) =>
        expect.objectContaining({
          mark: 'ok',
          says: expect.stringMatching(`^${subject} ${instanceId} `),
        }),
    ),
  ]);
  expect(findings.filter(({ check }) => check === 'athena').map(({ mark }) => mark)).toEqual([
    'ok',
  ]);
});

it('reads every row where it is told to', async () => {
  const bytes = world.s3.objects.get(snapshotOfToday(world))?.bytes ?? Buffer.of();
  const spoilt = Buffer.from(bytes);
  spoilt[spoilt.length - 12] = (spoilt[spoilt.length - 12] ?? 0) ^ 1;
  world.s3.write(snapshotOfToday(world), spoilt);
  expect(await doctor(world, '--verify')).toContainEqual(
    expect.objectContaining({ check: 'snapshots', mark: 'failed' }),
  );
  world.restore();
  expect(await doctor(world, '--verify')).toContainEqual(
    expect.objectContaining({
      mark: 'ok',
      says: expect.stringMatching(/has the rows and the SHA-256/),
    }),
  );
});
