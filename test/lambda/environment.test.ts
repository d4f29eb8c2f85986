import { ENVIRONMENT } from '../../contract/environment.ts';
import { readEnvironment, readStoreEnvironment } from '../../lambda/environment.ts';

const variables = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  EXPORT_BUCKET: 'bucket',
  PATH: '/bin',
  ...changes,
});

describe("the worker's environment", () => {
  it('needs no more than the bucket', () => {
    expect(readEnvironment(variables())).toEqual({
      bucket: 'bucket',
      pace: {},
      timeZone: 'UTC',
      allowedFailedUsers: 0,
      includeUsernames: true,
      includeUserDetails: 'teams',
      includePredefinedAttributes: true,
    });
  });

  it('sets everything else, too', () => {
    expect(
      readEnvironment(
        variables({
          SNAPSHOT_TIME_ZONE: 'Europe/Berlin',
          SNAPSHOT_SCHEDULE: 'cron(0 2 ? * MON-FRI *)',
          REQUESTS_PER_SECOND: '7.5',
          ALLOWED_FAILED_USERS: '12',
          INCLUDE_USERNAMES: 'false',
          INCLUDE_USER_DETAILS: 'names',
          INCLUDE_PREDEFINED_ATTRIBUTES: 'false',
          SERVER_SIDE_ENCRYPTION: 'aws:kms',
          SSE_KMS_KEY_ID: 'key-id',
        }),
      ),
    ).toEqual({
      bucket: 'bucket',
      timeZone: 'Europe/Berlin',
      schedule: 'cron(0 2 ? * MON-FRI *)',
      pace: { requestsPerSecond: 7.5 },
      allowedFailedUsers: 12,
      includeUsernames: false,
      includeUserDetails: 'names',
      includePredefinedAttributes: false,
      encryption: { algorithm: 'aws:kms', kmsKeyId: 'key-id' },
    });
  });

  it('reads every variable that the contract names', () => {
    const read = new Set<unknown>();
    readEnvironment(
      new Proxy(variables(), {
        get(target, name, receiver) {
          read.add(name);
          return Reflect.get(target, name, receiver);
        },
      }),
    );
    expect([...read]).toEqual(expect.arrayContaining(Object.values(ENVIRONMENT)));
  });

  it.each([
    ['EXPORT_BUCKET', undefined, 'is missing; expected the name of the bucket'],
    ['EXPORT_BUCKET', '', 'is ""; expected the name of the bucket'],
    ['SNAPSHOT_TIME_ZONE', 'Mars/Olympus', 'is "Mars/Olympus"; expected an IANA time zone'],
    ['SNAPSHOT_TIME_ZONE', '+02:00', 'is "+02:00"; expected an IANA time zone'],
    ['SNAPSHOT_SCHEDULE', 'daily', 'is "daily"; expected a schedule of EventBridge Scheduler'],
    ['QUOTA_SHARE', '0', 'is "0"; expected a number above 0 and at most 1'],
    ['QUOTA_SHARE', '1.01', 'is "1.01"; expected a number above 0 and at most 1'],
    ['QUOTA_SHARE', 'half', 'is "half"; expected a number above 0 and at most 1'],
    ['QUOTA_SHARE', ' ', 'is " "; expected a number above 0 and at most 1'],
    ['REQUESTS_PER_SECOND', '-1', 'is "-1"; expected a finite number above 0'],
    ['REQUESTS_PER_SECOND', 'Infinity', 'is "Infinity"; expected a finite number above 0'],
    ['ALLOWED_FAILED_USERS', '1.5', 'is "1.5"; expected a whole number'],
    ['ALLOWED_FAILED_USERS', '-1', 'is "-1"; expected a whole number'],
    ['INCLUDE_USERNAMES', 'yes', 'is "yes"; expected true or false'],
    ['INCLUDE_USER_DETAILS', 'all', 'is "all"; expected names, teams or off'],
    ['INCLUDE_PREDEFINED_ATTRIBUTES', '1', 'is "1"; expected true or false'],
    ['SERVER_SIDE_ENCRYPTION', 'AES-256', 'is "AES-256"; expected AES256 or aws:kms'],
  ])('names what is wrong: %s %j', (name, value, message) => {
    expect(() => readEnvironment(variables({ [name]: value }))).toThrow(
      expect.objectContaining({
        name: 'InvalidRequest',
        message: expect.stringContaining(`The environment: field "${name}" ${message}`),
      }),
    );
  });

  it('takes one pace, not two', () => {
    const both = variables({ QUOTA_SHARE: '0.5', REQUESTS_PER_SECOND: '7.5' });
    expect(() => readEnvironment(both)).toThrow(
      'The environment sets both QUOTA_SHARE and REQUESTS_PER_SECOND; remove one of them.',
    );
  });

  it.each([undefined, 'AES256'])('takes no key that would not be used: %s', (algorithm) => {
    const unused = variables({ SERVER_SIDE_ENCRYPTION: algorithm, SSE_KMS_KEY_ID: 'key-id' });
    expect(() => readEnvironment(unused)).toThrow(
      'The environment sets SSE_KMS_KEY_ID, but SERVER_SIDE_ENCRYPTION is not aws:kms; set it to aws:kms, or remove the key.',
    );
  });

  it('names everything that is wrong at once', () => {
    const wrong = variables({ EXPORT_BUCKET: undefined, QUOTA_SHARE: '2' });
    expect(() => readEnvironment(wrong)).toThrow(/EXPORT_BUCKET.*QUOTA_SHARE/);
  });
});

describe('the environment of a function that only needs the bucket', () => {
  it('is read without the rest', () => {
    expect(readStoreEnvironment(variables({ QUOTA_SHARE: '2' }))).toEqual({ bucket: 'bucket' });
    const encrypted = { SERVER_SIDE_ENCRYPTION: 'aws:kms', SSE_KMS_KEY_ID: 'key-id' };
    expect(readStoreEnvironment(variables(encrypted))).toEqual({
      bucket: 'bucket',
      encryption: { algorithm: 'aws:kms', kmsKeyId: 'key-id' },
    });
  });

  it('names what is wrong', () => {
    expect(() => readStoreEnvironment({})).toThrow(
      'The environment: field "EXPORT_BUCKET" is missing; expected the name of the bucket.',
    );
  });
});
