import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from '../../cli/store/folder-store.ts';
import { manifestKey, snapshotKey, stateKey } from '../../contract/keys.ts';
import { manifestSchema } from '../../contract/manifest.ts';
import type { Row } from '../../contract/row.ts';
import { unfinishedRun } from '../../export/publish/visible.ts';
import type { Fault } from '../../simulator/faults/faults.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { sampled } from '../support/breadth.ts';
import { startFakeS3 } from '../support/fake-s3/server.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { saidAfterFirst, type, until } from '../support/terminal.ts';
import { readRows } from '../support/world.ts';

const newFolder = temporaryFolders();
const USERS = 5;
const today = (): string => new Date().toISOString().slice(0, 10);
const own = { ...process.env };
let home: string;
let simulator: Simulator;

beforeAll(async () => {
  home = newFolder();
  simulator = await startSimulator({ users: USERS, quota: 'unlimited' });
});

afterAll(() => simulator.close());

beforeEach(() => {
  process.env = {
    PATH: own.PATH,
    HOME: home,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
  };
  simulator.setFaults([]);
});

afterAll(() => {
  process.env = own;
});

const exportTo = (out: string, ...more: string[]) =>
  type(
    ...['export', '--instance-id', simulator.instanceId, '--out', out],
    ...['--requests-per-second', '10000', ...more],
  );

const byUser = (a: { user_id: string }, b: { user_id: string }): number =>
  a.user_id.localeCompare(b.user_id);

/** Ends an export once it has said what it reads. */
const NOBODY_MAY_BE_READ: readonly Fault[] = [
  { fault: 'accessDenied', operations: ['ListUserProficiencies'] },
];

/** In whatever order: users that failed at first are asked for again at the end. */
const expectTruth = (rows: readonly Row[]): void =>
  expect(
    rows
      .map(({ user_id, username, proficiencies }) => ({ user_id, username, proficiencies }))
      .toSorted(byUser),
  ).toEqual(
    [...simulator.dataset().truth()]
      .map(({ userId, username, proficiencies }) => ({
        user_id: userId,
        username,
        proficiencies: expect.arrayContaining([...proficiencies]),
      }))
      .toSorted(byUser),
  );

describe('export', () => {
  it('publishes what the instance holds, and says where', async () => {
    const out = newFolder();
    const { exitCode, stdout, stderr } = await exportTo(out);
    expect(exitCode).toBe(0);
    expect(stderr.split('\n')[0]).toBe(`Exporting the instance ${simulator.instanceId} to ${out}.`);
    expect(stdout).toMatch(/^Published 5 users with \d+ proficiencies as of \d{4}-/);
    const key = snapshotKey(simulator.instanceId, today());
    expectTruth(await readRows(folderStore(out), key));
  });

  it('reads the Region that the AWS CLI would, and says which', async () => {
    const config = join(newFolder(), 'config');
    writeFileSync(config, '[default]\nregion = us-east-1\n');
    process.env.AWS_CONFIG_FILE = config;
    delete process.env.AWS_REGION;
    simulator.setFaults(NOBODY_MAY_BE_READ);
    expect((await exportTo(newFolder())).stderr).toContain('in us-east-1');

    process.env.AWS_DEFAULT_REGION = 'eu-west-2';
    simulator.setFaults([]);
    const out = newFolder();
    expect((await exportTo(out)).stderr).toContain(
      `Reading the instance ${simulator.instanceId} in eu-west-2.`,
    );
    const [row] = await readRows(folderStore(out), snapshotKey(simulator.instanceId, today()));
    expect(row?.region).toBe('eu-west-2');

    simulator.setFaults(NOBODY_MAY_BE_READ);
    process.env.AWS_REGION = 'ap-southeast-2';
    // As AWS's containers and sign-in set it: it comes with the credentials.
    process.env.AWS_ACCOUNT_ID = '111122223333';
    expect((await exportTo(newFolder())).stderr).toContain(
      'in ap-southeast-2, account 111122223333.',
    );
    expect((await exportTo(newFolder(), '--region', 'us-west-2')).stderr).toContain('in us-west-2');
  });

  it('reads the profile that the AWS CLI would', async () => {
    const config = join(newFolder(), 'config');
    const keys = 'aws_access_key_id = a\naws_secret_access_key = b';
    writeFileSync(
      config,
      `[profile one]\nregion = eu-west-1\n${keys}\n[profile two]\nregion = eu-west-3\n${keys}\n`,
    );
    process.env.AWS_CONFIG_FILE = config;
    process.env.AWS_DEFAULT_PROFILE = 'no such';
    simulator.setFaults(NOBODY_MAY_BE_READ);
    expect((await exportTo(newFolder())).stderr).toContain('in us-east-1');
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect((await exportTo(newFolder())).stderr).toContain('The profile "no such" gave no valid');
    delete process.env.AWS_REGION;
    process.env.AWS_PROFILE = 'one';
    process.env.AWS_DEFAULT_PROFILE = 'two';
    expect((await exportTo(newFolder())).stderr).toContain('in eu-west-3');
  });

  it('ends where the list of users never would', async () => {
    simulator.setFaults([{ fault: 'endlessPages', operations: ['ListUsers'] }]);
    const { exitCode, stderr } = await exportTo(newFolder());
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/invalid answer to ListUsers: NextToken: the same one came twice/),
    ]);
  });

  it('spoils no reader by half an emoji, and counts no proficiency twice', async () => {
    const ids = [...simulator.dataset().truth()].map(({ userId }) => userId);
    simulator.setFaults([
      { fault: 'badAnswer', answer: 'loneSurrogate', users: ids.slice(0, 3) },
      { fault: 'shortPages', size: 2, operations: ['ListUserProficiencies'] },
      { fault: 'overlappingPages', operations: ['ListUserProficiencies'] },
    ]);
    const out = newFolder();
    expect((await exportTo(out)).exitCode).toBe(0);
    expect((await type('verify', out)).exitCode).toBe(0);
    const rows = await readRows(folderStore(out), snapshotKey(simulator.instanceId, today()));
    expect(
      rows.map((row) => JSON.stringify(row)).filter((line) => /\\ud[89a-f]/.test(line)),
    ).toEqual([]);
    for (const { proficiencies } of rows) {
      const names = proficiencies.map((one) => `${one.attribute_name}: ${one.attribute_value}`);
      expect(names).toEqual([...new Set(names)]);
    }
    const manifest = readFileSync(join(out, manifestKey(simulator.instanceId, today())), 'utf8');
    const { texts_replaced, proficiencies_repeated } = manifestSchema.parse(JSON.parse(manifest));
    expect(texts_replaced).toBeGreaterThan(0);
    expect(proficiencies_repeated).toBeGreaterThan(0);
  });

  it('takes an ARN and leaves usernames out when told to', async () => {
    const out = newFolder();
    const arn = `arn:aws:connect:us-east-1:123456789012:instance/${simulator.instanceId}`;
    const { exitCode } = await exportTo(out, '--instance-id', arn, '--no-usernames');
    expect(exitCode).toBe(0);
    const [row] = await readRows(folderStore(out), snapshotKey(simulator.instanceId, today()));
    expect(row).not.toHaveProperty('username');
  });

  it('writes to S3 where the destination is one', async () => {
    const s3 = await startFakeS3();
    try {
      process.env.AWS_ENDPOINT_URL_S3 = s3.url;
      const { exitCode, stdout } = await exportTo(`s3://${s3.bucket}/team`);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`snapshot s3://${s3.bucket}/team/snapshots/`);
      expect((await type('derive', '--out', `s3://${s3.bucket}/team`)).exitCode).toBe(0);
      expect((await type('verify', `s3://${s3.bucket}/team`)).exitCode).toBe(0);
    } finally {
      await s3.close();
    }
  });

  it('asks S3 for the encryption that its policy demands', async () => {
    const s3 = await startFakeS3();
    try {
      process.env.AWS_ENDPOINT_URL_S3 = s3.url;
      s3.demand({
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'key-id',
      });
      const sse = ['--sse', 'aws:kms', '--sse-kms-key-id', 'key-id'];
      expect((await exportTo(`s3://${s3.bucket}`)).exitCode).toBe(1);
      expect((await exportTo(`s3://${s3.bucket}`, ...sse)).exitCode).toBe(0);
    } finally {
      await s3.close();
    }
  });

  const regions = [[], ['--region', 'us-east-1']];

  it.each(sampled(regions, (words) => words.length > 0))(
    'writes to a bucket in another Region %s',
    async (...region) => {
      const s3 = await startFakeS3();
      try {
        process.env.AWS_ENDPOINT_URL_S3 = s3.url;
        s3.moveTo('eu-central-1');
        expect((await exportTo(`s3://${s3.bucket}`, ...region)).exitCode).toBe(0);
        expect((await type('verify', `s3://${s3.bucket}`)).exitCode).toBe(0);
      } finally {
        await s3.close();
      }
    },
  );

  it('goes on with a run that was stopped, and only with --resume', async () => {
    const out = newFolder();
    const listed = () => simulator.stats().test?.ListUsers?.ok ?? 0;
    const before = listed();
    const exporting = exportTo(out);
    await until(() => listed() > before);
    // What Ctrl-C does, before anybody's proficiencies are read.
    process.emit('SIGINT');
    const { exitCode, stderr } = await exporting;
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('go on with it by')]);

    expect(await unfinishedRun(folderStore(out), simulator.instanceId)).toBeDefined();
    const resumed = await exportTo(out, '--resume');
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stderr).not.toContain('This run was begun');
    expectTruth(await readRows(folderStore(out), snapshotKey(simulator.instanceId, today())));
  });

  it.each([
    [
      ['--user-details', 'names'],
      ['--no-usernames', '--user-details', 'off'],
      'usernames, --user-details names, predefined attributes',
    ],
    [
      ['--no-usernames', '--no-predefined-attributes'],
      [],
      '--no-usernames, --user-details teams, --no-predefined-attributes',
    ],
  ])('begun with %j and resumed with %j it says what it keeps to', async (begun, asked, kept) => {
    const out = newFolder();
    simulator.setFaults(NOBODY_MAY_BE_READ);
    expect((await exportTo(out, ...begun)).exitCode).toBe(1);
    simulator.setFaults([]);
    const { exitCode, stderr } = await exportTo(out, '--resume', ...asked);
    expect(exitCode).toBe(0);
    const said = `This run was begun with ${kept}, and keeps to that; for other data, start a new run without --resume.\n`;
    expect(stderr).toContain(said);
  });

  it('begins a run by --resume where there is none to go on with', async () => {
    const out = newFolder();
    expect(await exportTo(out, '--resume')).toMatchObject({ exitCode: 0 });
    expect(await exportTo(out, '--resume')).toMatchObject({ exitCode: 0 });
  });
});

describe('what is refused, in one sentence and with nothing written', () => {
  it.each([
    [['--instance-id', 'nope'], /instance id .* or instance ARN/],
    [['--requests-per-second', '0'], /Give a number above 0/],
    [['--quota-share', '1.5'], /above 0 and at most 1/],
    [['--quota-share', '0.5'], /cannot be used with option '--requests-per-second/],
    [['--time-zone', 'Mars/Phobos'], /IANA time zone/],
    [['--time-zone', '+02:00'], /IANA time zone/],
    [['--allowed-failed-users', '-1'], /whole number/],
    [['--wrong'], /unknown option '--wrong'/],
  ])('wrong usage, %j', async (words, sentence) => {
    const out = newFolder();
    const { exitCode, stderr } = await exportTo(out, ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(readdirSync(out)).toEqual([]);
  });

  const expectRefusal = async (sentence: RegExp, ...words: string[]): Promise<void> => {
    const out = newFolder();
    const { exitCode, stderr } = await exportTo(out, ...words);
    expect(saidAfterFirst(stderr)).toMatch(sentence);
    expect(exitCode).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  };

  it('an unknown instance', () =>
    expectRefusal(
      /^Connect in us-east-1 has no instance 1{8}-.*check the instance id and the Region\.\n$/,
      ...['--instance-id', '11111111-1111-1111-1111-111111111111'],
    ));

  it('an instance of another Region', () =>
    expectRefusal(
      /is in eu-west-2, but this exporter reads us-east-1/,
      ...[
        '--instance-id',
        `arn:aws:connect:eu-west-2:123456789012:instance/${simulator.instanceId}`,
      ],
    ));

  it('no credentials', async () => {
    process.env.AWS_ACCESS_KEY_ID = undefined;
    process.env.AWS_SECRET_ACCESS_KEY = undefined;
    await expectRefusal(
      /^No valid AWS credentials were found \(the AWS SDK says: "Could not .*"\): sign in, or set AWS_PROFILE/,
    );
  });

  it('no permission, naming the action', async () => {
    simulator.setFaults([{ fault: 'accessDenied', operations: ['ListUsers'] }]);
    await expectRefusal(/refused connect:ListUsers \(AWS says: .*no identity-based policy allows/);
  });

  it('a folder that cannot be made', async () => {
    const { exitCode, stderr } = await exportTo('/proc/x/out');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/proc/x/out');
  });
});

describe('a state that somebody changed', () => {
  it('is named, with what is wrong', async () => {
    const out = newFolder();
    simulator.setFaults(NOBODY_MAY_BE_READ);
    expect((await exportTo(out)).exitCode).toBe(1);
    const runId = (await unfinishedRun(folderStore(out), simulator.instanceId)) ?? '';
    writeFileSync(join(out, stateKey(simulator.instanceId, runId)), '{"version":1');
    const { exitCode, stderr } = await exportTo(out, '--resume');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/state\.json is damaged: .*; restore it, or start a new run\.\n$/);
    expect(existsSync(join(out, 'snapshots'))).toBe(false);
  });
});
