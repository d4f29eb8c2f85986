import { RegionInfo } from 'aws-cdk-lib/region-info';
import { ConfigurationError } from '../../../lib/settings/configuration-error.ts';
import { readConfiguration } from '../../../lib/settings/context.ts';
import { resolveSettings } from '../../../lib/settings/resolve.ts';

const ID = '11111111-2222-4333-8444-555555555555';
const THIRD = 'bbbbbbbb-2222-4333-8444-555555555555';
const OTHER = '66666666-7777-4888-9999-aaaaaaaaaaaa';
const arn = (id: string, region = 'eu-central-1', account = '111122223333') =>
  `arn:aws:connect:${region}:${account}:instance/${id}`;

/** What a person would read who gave this on the command line or in cdk.json. */
function messageOf(context: Record<string, unknown>): string {
  try {
    resolveSettings(readConfiguration(context));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

const HOW_TO_FIND =
  'find it with "aws connect list-instances" or in the Amazon Connect console, at the end of the instance\'s ARN.';
const INSTANCES = `expected one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas, as in -c instanceIds=…,…; ${HOW_TO_FIND}`;

const TAGS =
  'expected tags such as {"owner": "contact centre"} in cdk.json, or -c tags=owner=contact,cost-centre=4711.';
const RUNBOOK =
  'expected an address such as https://example.com/runbook, or a path to runbook.md, without spaces and without #.';
const KEY_OF_FOO = 'arn:aws:kms:foo:111122223333:key/12345678-1234-1234-1234-123456789012';
const SIX = Array.from({ length: 6 }, (_, index) => `sg-0000000${index}`).join(',');

describe('a bad configuration', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no instance', {}, `instanceIds is missing, ${INSTANCES}`],
    ['an empty instance', { instanceIds: '' }, `instanceIds is "", ${INSTANCES}`],
    ['no instance in a list', { instanceIds: [] }, `instanceIds is [], ${INSTANCES}`],
    [
      'a name for an id',
      { instanceIds: 'my-instance' },
      `instanceIds is "my-instance", ${INSTANCES}`,
    ],
    [
      'capitals in an id',
      { instanceIds: 'ABCDEFAB-2222-4333-8444-555555555555' },
      `instanceIds is "ABCDEFAB-2222-4333-8444-555555555555", ${INSTANCES}`,
    ],
    [
      'an instance twice',
      { instanceIds: `${ID},${arn(ID)}` },
      `instanceIds is "${ID},${arn(ID)}", ${INSTANCES}`,
    ],
    ['a list with a number', { instanceIds: [7] }, `instanceIds is [7], ${INSTANCES}`],
    [
      'half a JSON list',
      { instanceIds: `["${ID}"` },
      `instanceIds is "[\\"${ID}\\"", ${INSTANCES}`,
    ],
    [
      'instances of two Regions',
      { instanceIds: [arn(ID), arn(OTHER, 'us-east-1')] },
      'instanceIds and region name eu-central-1 and us-east-1, expected one region per deployment: give the others a deployment of their own in cdk.json.',
    ],
    [
      'instances of two accounts',
      { instanceIds: [arn(ID), arn(OTHER, 'eu-central-1', '444455556666')] },
      'instanceIds and account name 111122223333 and 444455556666, expected one account per deployment: give the others a deployment of their own in cdk.json.',
    ],
    [
      'a Region that is not the instance’s',
      { instanceIds: arn(ID), region: 'us-west-2' },
      'instanceIds and region name us-west-2 and eu-central-1, expected one region per deployment: give the others a deployment of their own in cdk.json.',
    ],
    [
      'an account as a number',
      { instanceIds: ID, account: 111122223333 },
      'account is 111122223333, expected an AWS account id of 12 digits, in quotes where it is JSON.',
    ],
    [
      'a Region by its name',
      { instanceIds: ID, region: 'Frankfurt' },
      'region is "Frankfurt", expected an AWS Region such as us-east-1.',
    ],
    [
      'an Availability Zone for a Region',
      { instanceIds: ID, region: 'us-east-1a' },
      'region is "us-east-1a", expected an AWS Region such as us-east-1.',
    ],
    [
      'a schedule of five fields',
      { instanceIds: ID, schedule: 'cron(0 2 * * *)' },
      'schedule is "cron(0 2 * * *)", expected a schedule of EventBridge Scheduler such as cron(0 2 * * ? *) or rate(12 hours).',
    ],
    [
      'a schedule with both days',
      { instanceIds: ID, schedule: 'cron(0 2 1 * MON *)' },
      'schedule is "cron(0 2 1 * MON *)", expected a schedule of EventBridge Scheduler such as cron(0 2 * * ? *) or rate(12 hours).',
    ],
    [
      'a one-time schedule',
      { instanceIds: ID, schedule: 'at(2026-11-23T02:00:00)' },
      'schedule is "at(2026-11-23T02:00:00)", expected a schedule of EventBridge Scheduler such as cron(0 2 * * ? *) or rate(12 hours).',
    ],
    [
      'a weekly schedule without a notion of late',
      { instanceIds: ID, schedule: 'cron(0 2 ? * MON *)' },
      'snapshotExpectedWithinHours is missing, expected a whole number of hours from 1 to 168 or off, because cron(0 2 ? * MON *) leaves open when a snapshot is late.',
    ],
    [
      'a schedule further apart than an alarm looks',
      { instanceIds: ID, schedule: 'rate(7 days)' },
      'snapshotExpectedWithinHours is missing, expected a whole number of hours from 1 to 168 or off, because rate(7 days) leaves open when a snapshot is late.',
    ],
    [
      'lateness beyond what an alarm looks at',
      { instanceIds: ID, snapshotExpectedWithinHours: '169' },
      'snapshotExpectedWithinHours is "169", expected a whole number of hours from 1 to 168, or off.',
    ],
    [
      'an IP address for a bucket',
      { instanceIds: ID, accessLogsBucketName: '192.168.1.1' },
      'accessLogsBucketName is "192.168.1.1", expected the name of an S3 bucket, not its ARN.',
    ],
    [
      'a URI for a bucket of query results',
      { instanceIds: ID, queryResultsBucketName: 's3://results/athena' },
      'queryResultsBucketName is "s3://results/athena", expected the name of an S3 bucket, not its ARN.',
    ],
    [
      'a bucket with two dots',
      { instanceIds: ID, accessLogsBucketName: 'logs..x' },
      'accessLogsBucketName is "logs..x", expected the name of an S3 bucket, not its ARN.',
    ],
    [
      'a key whose ARN names another partition than its Region is in',
      {
        instanceIds: ID,
        kmsKeyArn:
          'arn:aws:kms:us-gov-west-1:111122223333:key/12345678-1234-1234-1234-123456789012',
      },
      'kmsKeyArn is "arn:aws:kms:us-gov-west-1:111122223333:key/12345678-1234-1234-1234-123456789012", expected an ARN that begins with arn:aws-us-gov: as the keys of us-gov-west-1 do.',
    ],
    [
      'the ARN of a bucket',
      { instanceIds: ID, accessLogsBucketName: 'arn:aws:s3:::access-logs' },
      'accessLogsBucketName is "arn:aws:s3:::access-logs", expected the name of an S3 bucket, not its ARN.',
    ],
    [
      'an unknown time zone',
      { instanceIds: ID, timeZone: 'Europe/Atlantis' },
      'timeZone is "Europe/Atlantis", expected the IANA name of a time zone such as Europe/Berlin or UTC.',
    ],
    [
      'an offset for a time zone',
      { instanceIds: ID, timeZone: '+02:00' },
      'timeZone is "+02:00", expected the IANA name of a time zone such as Europe/Berlin or UTC.',
    ],
    [
      'a word for a switch',
      { instanceIds: ID, scheduleEnabled: 'no' },
      'scheduleEnabled is "no", expected true or false.',
    ],
    [
      'no share at all',
      { instanceIds: ID, quotaShare: '0' },
      'quotaShare is "0", expected a share of the Connect quota above 0 and at most 1, such as 0.8.',
    ],
    [
      'a share in per cent',
      { instanceIds: ID, quotaShare: 80 },
      'quotaShare is 80, expected a share of the Connect quota above 0 and at most 1, such as 0.8.',
    ],
    [
      'requests per minute',
      { instanceIds: ID, requestsPerSecond: '120' },
      'requestsPerSecond is "120", expected requests per second above 0 and at most 100; the default quota of Connect is 2.',
    ],
    [
      'a share and a rate',
      { instanceIds: ID, quotaShare: 0.5, requestsPerSecond: 2 },
      'quotaShare is 0.5 and requestsPerSecond is 2, expected only one of them: a share of the quota or a fixed rate.',
    ],
    [
      'too little memory',
      { instanceIds: ID, memoryMiB: '128' },
      'memoryMiB is "128", expected a whole number of MiB from 256 to 10240.',
    ],
    [
      'memory with a unit',
      { instanceIds: ID, memoryMiB: '512MB' },
      'memoryMiB is "512MB", expected a whole number of MiB from 256 to 10240.',
    ],
    [
      'a negative allowance',
      { instanceIds: ID, allowedFailedUsers: '-1' },
      'allowedFailedUsers is "-1", expected how many users a snapshot may lack, a whole number from 0 to 1000.',
    ],
    [
      'half a user',
      { instanceIds: ID, allowedFailedUsers: 0.5 },
      'allowedFailedUsers is 0.5, expected how many users a snapshot may lack, a whole number from 0 to 1000.',
    ],
    [
      'names perhaps',
      { instanceIds: ID, includeUsernames: 1 },
      'includeUsernames is 1, expected true or false.',
    ],
    [
      'all details',
      { instanceIds: ID, includeUserDetails: 'all' },
      'includeUserDetails is "all", expected names, teams or off.',
    ],
    [
      'attributes perhaps',
      { instanceIds: ID, includePredefinedAttributes: 'no' },
      'includePredefinedAttributes is "no", expected true or false.',
    ],
    [
      'events on some days',
      { instanceIds: ID, eventsEnabled: 'sometimes' },
      'eventsEnabled is "sometimes", expected true or false.',
    ],
    [
      'an encryption of another spelling',
      { instanceIds: ID, serverSideEncryption: 'aes256' },
      'serverSideEncryption is "aes256", expected AES256 or aws:kms.',
    ],
    [
      'a former instance that is none',
      { instanceIds: ID, formerInstanceIds: 'my-instance' },
      'formerInstanceIds is "my-instance", expected one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas.',
    ],
    [
      'a former instance that is exported',
      { instanceIds: ID, formerInstanceIds: [OTHER, arn(ID)] },
      `formerInstanceIds and instanceIds both name ${ID}, expected each instance in one of them: in instanceIds while it is exported, in formerInstanceIds afterwards.`,
    ],
    [
      'snapshots kept for a day',
      { instanceIds: ID, snapshotRetentionDays: 1 },
      'snapshotRetentionDays is 1, expected a whole number of days from 2 to 36500, or forever.',
    ],
    [
      'old versions kept for no day',
      { instanceIds: ID, oldVersionsDays: 0 },
      'oldVersionsDays is 0, expected a whole number of days from 1 to 365.',
    ],
    [
      'old versions kept as long as all versions together',
      { instanceIds: ID, snapshotRetentionDays: '30', oldVersionsDays: 30 },
      'oldVersionsDays is 30 and snapshotRetentionDays is 30, expected fewer days for old versions: they are part of the retention.',
    ],
    [
      'working files that expire under a run',
      { instanceIds: ID, workingFilesDays: '2' },
      'workingFilesDays is "2", expected a whole number of days from 3 (a run may take 2) to 365.',
    ],
    [
      'a retention that CloudWatch does not offer',
      { instanceIds: ID, logRetentionDays: 31 },
      'logRetentionDays is 31, expected a number of days that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.',
    ],
    [
      'an address without a domain',
      { instanceIds: ID, alarmEmail: 'operators' },
      'alarmEmail is "operators", expected an e-mail address.',
    ],
    [
      'an alias for a key',
      { instanceIds: ID, kmsKeyArn: 'alias/data' },
      'kmsKeyArn is "alias/data", expected the ARN of a KMS key, not of an alias.',
    ],
    [
      'a first day that does not exist',
      { instanceIds: ID, firstSnapshotDate: '2026-02-30' },
      'firstSnapshotDate is "2026-02-30", expected a date such as 2026-01-01, not before 2017-01-01.',
    ],
    [
      'a first day before there was Amazon Connect',
      { instanceIds: ID, firstSnapshotDate: '0001-01-01' },
      'firstSnapshotDate is "0001-01-01", expected a date such as 2026-01-01, not before 2017-01-01.',
    ],
    [
      'a key of a Region that no partition has',
      { instanceIds: ID, kmsKeyArn: KEY_OF_FOO },
      `kmsKeyArn is "${KEY_OF_FOO}", expected the ARN of a key in an AWS Region: there is no foo.`,
    ],
    [
      'a runbook with a heading',
      { instanceIds: ID, runbookUrl: 'https://wiki/runbook#late' },
      `runbookUrl is "https://wiki/runbook#late", ${RUNBOOK}`,
    ],
    [
      'a VPC by its name',
      { instanceIds: ID, vpcId: 'main' },
      'vpcId is "main", expected the id of a VPC such as vpc-0123456789abcdef0.',
    ],
    [
      'a VPC without subnets',
      { instanceIds: ID, vpcId: 'vpc-0123456789abcdef0' },
      'vpcId is vpc-0123456789abcdef0 and subnetIds is missing, expected both or neither.',
    ],
    [
      'subnets without a VPC',
      { instanceIds: ID, subnetIds: 'subnet-01234567' },
      'vpcId is missing and subnetIds is subnet-01234567, expected both or neither.',
    ],
    [
      'security groups without a VPC',
      { instanceIds: ID, securityGroupIds: 'sg-01234567' },
      'securityGroupIds is sg-01234567 and vpcId is missing, expected a VPC with its security groups.',
    ],
    ['tags in a list', { instanceIds: ID, tags: ['owner'] }, `tags is ["owner"], ${TAGS}`],
    ['a tag without a value', { instanceIds: ID, tags: 'owner' }, `tags is "owner", ${TAGS}`],
    [
      'a tag of AWS',
      { instanceIds: ID, tags: 'AWS:owner=x' },
      'tags is "AWS:owner=x", expected keys that do not begin with aws:, which is reserved for AWS.',
    ],
    [
      'a tag twice',
      { instanceIds: ID, tags: 'a=b,a=c' },
      'tags is "a=b,a=c", expected each key once, in whatever capitals: for IAM, Owner and owner are the same.',
    ],
    [
      'a tag twice, in other capitals',
      { instanceIds: ID, tags: { Owner: 'x', owner: 'y' } },
      'tags is {"Owner":"x","owner":"y"}, expected each key once, in whatever capitals: for IAM, Owner and owner are the same.',
    ],
    [
      'a tag with a character that AWS refuses',
      { instanceIds: ID, tags: 'owner=a&b' },
      'tags is "owner=a&b", expected letters, digits, spaces and _ . : / = + - @ only, in keys and values.',
    ],
    [
      'a key of a tag that is too long',
      { instanceIds: ID, tags: { ['k'.repeat(129)]: 'x' } },
      `tags is {"${'k'.repeat(129)}":"x"}, expected keys of at most 128 characters, and values of at most 256.`,
    ],
    [
      'a schedule for 31 February',
      { instanceIds: ID, schedule: 'cron(0 2 31 2 ? *)', snapshotExpectedWithinHours: 'off' },
      expect.stringMatching(
        /^schedule is cron\(0 2 31 2 \? \*\), expected one that is due on 20\d\d-\d\d-\d\d or later; to start runs by hand alone, leave it out and set scheduleEnabled to false\.$/,
      ),
    ],
    [
      'a runbook that is neither an address nor one',
      { instanceIds: ID, runbookUrl: 'foo' },
      `runbookUrl is "foo", ${RUNBOOK}`,
    ],
    [
      'a runbook by FTP',
      { instanceIds: ID, runbookUrl: 'ftp://wiki/runbook.md' },
      `runbookUrl is "ftp://wiki/runbook.md", ${RUNBOOK}`,
    ],
    [
      'a Region that no partition has',
      { instanceIds: ID, region: 'foo-bar-1' },
      'region is "foo-bar-1", expected an AWS Region such as us-east-1.',
    ],
    [
      'an instance whose Region is of another partition',
      { instanceIds: arn(ID, 'cn-north-1') },
      `instanceIds is "${arn(ID, 'cn-north-1')}", ${INSTANCES}`,
    ],
    [
      'a time zone in small letters',
      { instanceIds: ID, timeZone: 'europe/berlin' },
      'timeZone is "europe/berlin", expected the IANA name of a time zone such as Europe/Berlin or UTC.',
    ],
    [
      'more security groups than Lambda takes',
      {
        instanceIds: ID,
        vpcId: 'vpc-01234567',
        subnetIds: 'subnet-01234567',
        securityGroupIds: SIX,
      },
      `securityGroupIds is "${SIX}", expected 1 to 5 different ids of security groups such as sg-0123456789abcdef0, separated by commas.`,
    ],
    [
      'a path for the prefix of roles',
      { instanceIds: ID, roleNamePrefix: '/proficiencies/' },
      'roleNamePrefix is "/proficiencies/", expected 1 to 32 letters, digits, hyphens or underscores.',
    ],
    [
      'an unknown removal policy',
      { instanceIds: ID, removalPolicy: 'snapshot' },
      'removalPolicy is "snapshot", expected retain or destroy.',
    ],
    [
      'an unknown deployment',
      { deployment: 'emea', deployments: { default: {}, apac: {} } },
      'deployment is "emea", expected one of those in cdk.json: default, apac.',
    ],
    [
      'deployments in a list',
      { deployments: [ID] },
      `deployments is ["${ID}"], expected {"<name>": {"<setting>": <value>}} in cdk.json, with names of letters, digits and hyphens.`,
    ],
  ])('with %s is refused', (_, context, message) => {
    expect(messageOf(context)).toEqual(message);
  });

  it('with more tags than AWS takes is refused', () => {
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'x']));
    expect(messageOf({ instanceIds: ID, tags: tags(50) })).toMatch(
      /expected at most 49 tags: AWS takes 50, and the exporter adds one\.$/,
    );
    for (const most of [tags(49), { ...tags(49), Application: 'x' }])
      expect(readConfiguration({ instanceIds: ID, tags: most })).toMatchObject({ tags: most });
  });

  it('with a misspelt key is refused, and the right ones are named', () => {
    for (const key of ['quotashare', 'quota-share', 'quota_share'])
      expect(messageOf({ instanceIds: ID, [key]: 1 })).toMatch(
        /^quota[-_]?share is not a setting, expected one of instanceIds, formerInstanceIds, .*removalPolicy\.$/,
      );
  });

  it('with several mistakes says all of them, each in a line', () => {
    expect(
      messageOf({ memoryMiB: 1, deployments: { default: { timeZone: '?' } } }).split('\n'),
    ).toEqual([
      expect.stringMatching(/^instanceIds is missing/),
      expect.stringMatching(/^timeZone is "\?"/),
      expect.stringMatching(/^memoryMiB is 1/),
    ]);
  });
});

describe('a configuration', () => {
  it('needs nothing but an instance', () => {
    expect(resolveSettings(readConfiguration({ instanceIds: ID }))).toEqual({
      instanceIds: [ID],
      schedule: 'cron(0 2 * * ? *)',
      timeZone: 'UTC',
      scheduleEnabled: true,
      quotaShare: 0.8,
      memoryMiB: 512,
      allowedFailedUsers: 0,
      includeUsernames: true,
      includeUserDetails: 'teams',
      includePredefinedAttributes: true,
      eventsEnabled: true,
      snapshotRetentionDays: 'forever',
      oldVersionsDays: 30,
      workingFilesDays: 14,
      logRetentionDays: 90,
      firstSnapshotDate: '2026-01-01',
      runbookUrl: 'docs/runbook.md',
      snapshotExpectedWithinHours: 27,
    });
  });

  it.each([
    ['text', `${ID}, ${OTHER}`],
    ['JSON as text', JSON.stringify([ID, OTHER])],
    ['a list', [ID, OTHER]],
    ['ARNs', [arn(ID), arn(OTHER)].join(',')],
  ])('takes instances as %s', (_, instanceIds) => {
    expect(resolveSettings(readConfiguration({ instanceIds })).instanceIds).toEqual([ID, OTHER]);
    const formerly = { instanceIds: THIRD, formerInstanceIds: instanceIds };
    expect(resolveSettings(readConfiguration(formerly)).formerInstanceIds).toEqual([ID, OTHER]);
  });

  it('reads numbers and switches from the text of a command line', () => {
    const configuration = readConfiguration({
      instanceIds: ID,
      memoryMiB: '1024',
      requestsPerSecond: '1.5',
      includeUsernames: 'false',
      snapshotRetentionDays: '400',
    });
    expect(configuration).toMatchObject({
      memoryMiB: 1024,
      requestsPerSecond: 1.5,
      includeUsernames: false,
      snapshotRetentionDays: 400,
    });
  });

  it('goes where the ARNs point', () => {
    expect(readConfiguration({ instanceIds: arn(ID) })).toMatchObject({
      account: '111122223333',
      region: 'eu-central-1',
    });
  });

  it('reads tags from the text of a command line', () => {
    expect(
      readConfiguration({ instanceIds: ID, tags: 'owner=a=b, cost-centre=4711' }),
    ).toMatchObject({ tags: { owner: 'a=b', 'cost-centre': '4711' } });
  });

  it.each(RegionInfo.regions.map(({ name }) => name))('takes the Region %s', (region) => {
    expect(readConfiguration({ instanceIds: ID, region })).toMatchObject({ region });
  });

  it('expects nothing of a schedule that rests', () => {
    const settings = resolveSettings({ instanceIds: [ID], scheduleEnabled: false });
    expect(settings.snapshotExpectedWithinHours).toBe('off');
  });

  it('passes over what belongs to the CDK', () => {
    const context = {
      'aws:cdk:bundling-stacks': [],
      '@aws-cdk/core:x': true,
      'cli-telemetry': false,
    };
    expect(() => readConfiguration({ ...context, instanceIds: ID })).not.toThrow();
  });
});

describe('the first day', () => {
  /** Already the 26th in Kiritimati, 14 hours ahead of UTC. */
  const now = new Date('2026-11-25T12:00:00Z');
  const starting = (firstSnapshotDate: string, timeZone = 'UTC') =>
    resolveSettings({ instanceIds: [ID], firstSnapshotDate, timeZone }, now);

  it.each([
    ['2026-11-25', 'UTC'],
    ['2026-11-26', 'Pacific/Kiritimati'],
    ['2019-12-31', 'UTC'],
  ])('may be %s in %s', (firstSnapshotDate, timeZone) => {
    expect(starting(firstSnapshotDate, timeZone)).toMatchObject({ firstSnapshotDate });
  });

  it.each(['2026-11-26', '2099-01-01'])('may not be %s, which is yet to come', (date) => {
    expect(() => starting(date)).toThrow(
      `firstSnapshotDate is ${date}, expected today (2026-11-25) or an earlier date: queries look at no day before it.`,
    );
  });
});

describe('a key of another Region', () => {
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-4234-8234-123456789012';
  const refused =
    'kmsKeyArn is a key of eu-west-1, expected one of eu-central-1: S3 uses no keys of other Regions.';

  it.each([
    { than: 'the instance', context: { instanceIds: arn(ID) }, credentialsRegion: 'us-east-1' },
    { than: 'the setting', context: { instanceIds: ID, region: 'eu-central-1' } },
    { than: 'the credentials', context: { instanceIds: ID }, credentialsRegion: 'eu-central-1' },
  ])('than $than is refused', ({ context, credentialsRegion }) => {
    expect(() => readConfiguration({ ...context, kmsKeyArn }, credentialsRegion)).toThrow(refused);
  });

  it('is taken where the instance is there too, wherever the credentials point', () => {
    const context = { instanceIds: arn(ID, 'eu-west-1'), kmsKeyArn };
    expect(readConfiguration(context, 'eu-central-1')).toMatchObject({ kmsKeyArn });
  });

  it('is taken where nothing says the Region', () => {
    expect(readConfiguration({ instanceIds: ID, kmsKeyArn })).toMatchObject({ kmsKeyArn });
  });
});

describe('deployments', () => {
  const deployments = {
    default: { instanceIds: [ID] },
    apac: { instanceIds: [OTHER], region: 'ap-southeast-2', timeZone: 'Australia/Sydney' },
  };

  it('have a stack each', () => {
    expect(readConfiguration({ deployments })).toMatchObject({
      stackName: 'ConnectProficiencyExporter',
      instanceIds: [ID],
    });
    expect(readConfiguration({ deployments, deployment: 'apac' })).toMatchObject({
      stackName: 'ConnectProficiencyExporter-apac',
      region: 'ap-southeast-2',
    });
  });

  it('yield to the command line', () => {
    const configuration = readConfiguration({ deployments, deployment: 'apac', timeZone: 'UTC' });
    expect(configuration).toMatchObject({ timeZone: 'UTC', instanceIds: [OTHER] });
  });
});
