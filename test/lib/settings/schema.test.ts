import { readFileSync } from 'node:fs';
import { resolveSettings } from '../../../lib/settings/resolve.ts';
import { type Settings, settingsSchema } from '../../../lib/settings/schema.ts';
import { INSTANCE_A, INSTANCE_B, synthesize } from '../../support/synthesize.ts';

/** A doc comment and the key that it stands before, perhaps with a remark in between. */
const DOCUMENTED_KEY = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:\/\/.*\s+)?(?:readonly )?(\w+)\??:/g;

/** What the doc comments give as defaults, up to the reason, by key. */
const documentedDefaults = (source: string): Record<string, string | undefined> =>
  Object.fromEntries(
    [...source.matchAll(DOCUMENTED_KEY)].map(([, comment = '', key]) => [
      key,
      /@default (.*?)(?: - .*)?\n/.exec(comment)?.[1],
    ]),
  );

const given = { instanceIds: [INSTANCE_A] };
const { instanceIds, snapshotExpectedWithinHours, oldVersionsDays, ...defaults } = {
  ...settingsSchema.parse(given),
  ...resolveSettings(given),
};

describe('the doc comment of a setting', () => {
  const source = ['exporter-settings-props', 'schema']
    .map((name) => readFileSync(`lib/settings/${name}.ts`, 'utf8'))
    .join('');

  it.each(Object.entries(defaults))('%s gives its default', (key, value) => {
    expect(documentedDefaults(source)[key]).toBe(String(value));
  });

  it('says what happens if it is left out', () => {
    const optional = Object.entries(settingsSchema.shape).filter(([key]) => key !== 'instanceIds');
    expect(source.match(/@default /g)).toHaveLength(optional.length);
  });
});

it('every other prop that may be left out says what happens then', () => {
  const source = readFileSync('lib/proficiency-exporter-props.ts', 'utf8');
  const optional = [...source.matchAll(/readonly (\w+)\?/g)];
  expect(optional.length).toBeGreaterThan(5);
  expect(source.match(/@default /g)).toHaveLength(optional.length);
});

const FORMER = '99999999-aaaa-4bbb-8ccc-dddddddddddd';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012';

/**
 * A value of each setting that is not its default, and text that it puts into the template or takes out of it; but for where a
 * stack is deployed, which no template says, and for the VPC, whose settings go together (test/lib/stack.test.ts).
 */
const OTHER = {
  instanceIds: [INSTANCE_B, INSTANCE_B],
  formerInstanceIds: [FORMER, FORMER],
  schedule: ['rate(12 hours)', '"ScheduleExpression":"rate(12 hours)"'],
  timeZone: ['Europe/Berlin', '"ScheduleExpressionTimezone":"Europe/Berlin"'],
  scheduleEnabled: [false, '"State":"DISABLED"'],
  quotaShare: [0.5, '"QUOTA_SHARE":"0.5"'],
  requestsPerSecond: [1.5, '"REQUESTS_PER_SECOND":"1.5"'],
  memoryMiB: [1024, '"MemorySize":1024'],
  allowedFailedUsers: [3, '"ALLOWED_FAILED_USERS":"3"'],
  includeUserDetails: ['off', '"connect:DescribeUser"'],
  includePredefinedAttributes: [false, '"connect:DescribePredefinedAttribute"'],
  includeUsernames: [false, '"INCLUDE_USERNAMES":"false"'],
  eventsEnabled: [false, '"events:PutEvents"'],
  serverSideEncryption: ['AES256', '"SERVER_SIDE_ENCRYPTION":"AES256"'],
  snapshotRetentionDays: [400, '"Id":"expire-snapshots"'],
  oldVersionsDays: [7, '"NoncurrentDays":7'],
  workingFilesDays: [30, '"ExpirationInDays":29'],
  logRetentionDays: [30, '"RetentionInDays":30'],
  snapshotExpectedWithinHours: [100, '"EvaluationPeriods":100'],
  firstSnapshotDate: ['2026-02-01', '"2026-02-01,NOW+1DAY"'],
  runbookUrl: ['https://example.com/runbook', 'What to do: https://example.com/runbook#'],
  alarmEmail: ['you@example.com', '"Endpoint":"you@example.com"'],
  kmsKeyArn: [KEY, `"KMSMasterKeyID":"${KEY}"`],
  accessLogsBucketName: ['access-logs', '"DestinationBucketName":"access-logs"'],
  queryResultsBucketName: ['query-results', '"s3://query-results/'],
  tags: [{ owner: 'contact centre' }, '{"Key":"owner","Value":"contact centre"}'],
  roleNamePrefix: ['proficiencies-', '"RoleName"'],
  removalPolicy: ['destroy', '"DeletionPolicy":"RetainExceptOnCreate"'],
} as const satisfies Record<
  Exclude<keyof Settings, 'account' | 'region' | 'vpcId' | 'subnetIds' | 'securityGroupIds'>,
  readonly [value: unknown, text: string]
>;

/** Those that contradict others, or hide what others change. */
const APART = ['scheduleEnabled', 'requestsPerSecond', 'serverSideEncryption'];

describe.each([true, false])('what is deployed', (isApart) => {
  const others = Object.entries(OTHER).filter(([key]) => APART.includes(key) === isApart);
  const settings = Object.fromEntries(others.map(([key, [value]]) => [key, value]));
  const deployed = JSON.stringify(synthesize(settings));
  const byDefault = JSON.stringify(synthesize());

  it.each(others)('is changed by %s', (_, [, text]) => {
    expect(deployed.includes(text)).toBe(!byDefault.includes(text));
  });
});
