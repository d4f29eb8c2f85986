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

/**
 * A value of each setting that is not its default, but for where a stack is deployed, which no template says, and
 * for the VPC, whose settings go together (test/lib/stack.test.ts).
 */
const OTHER = {
  instanceIds: INSTANCE_B,
  formerInstanceIds: INSTANCE_B,
  schedule: 'rate(12 hours)',
  timeZone: 'Europe/Berlin',
  scheduleEnabled: false,
  quotaShare: 0.5,
  requestsPerSecond: 1.5,
  memoryMiB: 1024,
  allowedFailedUsers: 3,
  includeUserDetails: 'off',
  includePredefinedAttributes: false,
  includeUsernames: false,
  eventsEnabled: false,
  serverSideEncryption: 'AES256',
  snapshotRetentionDays: 400,
  oldVersionsDays: 7,
  workingFilesDays: 30,
  logRetentionDays: 30,
  snapshotExpectedWithinHours: 'off',
  firstSnapshotDate: '2026-02-01',
  runbookUrl: 'https://example.com/runbook',
  alarmEmail: 'you@example.com',
  kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012',
  accessLogsBucketName: 'access-logs',
  queryResultsBucketName: 'query-results',
  tags: { owner: 'contact centre' },
  roleNamePrefix: 'proficiencies-',
  removalPolicy: 'destroy',
} as const satisfies Record<
  Exclude<keyof Settings, 'account' | 'region' | 'vpcId' | 'subnetIds' | 'securityGroupIds'>,
  unknown
>;

it.each(Object.entries(OTHER))('%s changes what is deployed', (key, value) => {
  expect(synthesize({ [key]: value }).toJSON()).not.toEqual(synthesize().toJSON());
});
