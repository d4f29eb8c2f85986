import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { awsAgents } from '../../aws/agents.ts';
import { awsCredentials, type Terminal } from '../../aws/credentials.ts';
import { awsFault, credentialsFailure } from '../../lambda/aws-fault.ts';
import { moduleOf, typeElsewhere } from '../support/command-process.ts';
import { forwardProxy } from '../support/forward-proxy.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { type Loopback, listenOnLoopback } from '../support/loopback.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { type } from '../support/terminal.ts';

const newFolder = temporaryFolders();
const own = { ...process.env };
const DEVICE = 'arn:aws:iam::123456789012:mfa/jane';
let sts: Loopback | undefined;
/** The code of each request that STS got. */
let codes: (string | null)[];

const ASSUMED: StubAnswer = {
  status: 200,
  body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
    <AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser>
    <Credentials><AccessKeyId>assumed</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials>
    </AssumeRoleResult></AssumeRoleResponse>`,
};

const REFUSED: StubAnswer = {
  status: 403,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
    <Message>MultiFactorAuthentication failed with invalid MFA one time pass code. </Message></Error></ErrorResponse>`,
};

async function answering(answer: StubAnswer): Promise<void> {
  const server = createServer(async (request, response) => {
    codes.push(new URLSearchParams(await text(request)).get('TokenCode'));
    response.writeHead(answer.status).end(answer.body);
  });
  sts = await listenOnLoopback(server);
  process.env.AWS_ENDPOINT_URL_STS = sts.url;
}

const role = (source: string): string =>
  `role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = ${source}\nmfa_serial = ${DEVICE}\n`;

beforeEach(() => {
  codes = [];
  const config = join(newFolder(), 'config');
  writeFileSync(
    config,
    `[profile jane]\naws_access_key_id = a\naws_secret_access_key = b\n
     [profile mfa]\n${role('jane')}
     [profile lost]\n${role('nobody')}
     [profile broken]\ncredential_process = echo "The vault is locked." >&2; exit 3\n`,
  );
  process.env = {
    PATH: own.PATH,
    HOME: newFolder(),
    AWS_CONFIG_FILE: config,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
});

afterEach(async () => {
  await sts?.close();
  sts = undefined;
});

afterAll(() => {
  process.env = own;
});

describe('the command line names the profile and quotes the SDK', () => {
  const { isTTY } = process.stdin;

  beforeAll(() => {
    // Nobody is there to be asked.
    process.stdin.isTTY = false;
  });

  afterAll(() => {
    process.stdin.isTTY = isTTY;
  });

  const failing: readonly (readonly [profile: string, reason: string])[] = [
    [
      'wrok',
      'Could not resolve credentials using profile: [wrok] in configuration/credentials file(s).',
    ],
    [
      'mfa',
      'Profile mfa requires multi-factor authentication, but no MFA code callback was provided.',
    ],
    ['broken', 'Command failed: echo "The vault is locked." >&2; exit 3 The vault is locked.'],
  ];

  it.each(failing)('%s', async (profile, reason) => {
    process.env.AWS_PROFILE = profile;
    const instance = '11111111-2222-4333-8444-555555555555';
    const words = ['export', '--instance-id', instance, '--requests-per-second', '10'];
    const out = newFolder();
    expect(await type(...words, '--out', out)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Exporting the instance ${instance} to ${out}.\nThe profile "${profile}" gave no valid AWS credentials (the AWS SDK says: "${reason}"): correct the profile or sign in with it, or choose another with AWS_PROFILE.\n`,
    });
  });
});

/** Of a person who types this as soon as they are asked. */
function terminal(typed: string, end = false): Terminal & { screen(): string } {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  let screen = '';
  output.on('data', (shown) => {
    if (screen === '') input.write(typed);
    if (screen === '' && end) input.end();
    screen += shown;
  });
  return { input, output, screen: () => screen };
}

const credentialsAt = (at: Terminal) => awsCredentials(process.env, awsAgents(process.env, 10), at);

const sentence = (error: unknown) => credentialsFailure(awsFault(error))?.message;

it('takes the keys of the environment before a profile of the environment, as the AWS CLI does', async () => {
  process.env.AWS_PROFILE = 'jane';
  const keys = { AWS_ACCESS_KEY_ID: 'own', AWS_SECRET_ACCESS_KEY: 'secret' };
  expect(await credentialsAt(terminal(''))()).toMatchObject({ accessKeyId: 'a' });
  Object.assign(process.env, keys);
  expect(await credentialsAt(terminal(''))()).toMatchObject({ accessKeyId: 'own' });
});

describe('the code of multi-factor authentication', () => {
  beforeEach(() => {
    process.env.AWS_PROFILE = 'mfa';
  });

  it('is asked for once, on the terminal, for all clients', async () => {
    await answering(ASSUMED);
    const at = terminal('123456\n');
    const credentials = credentialsAt(at);
    const [one, other] = await Promise.all([credentials(), credentials()]);
    expect(one).toMatchObject({ accessKeyId: 'assumed', sessionToken: 'token' });
    expect(other).toBe(one);
    expect(await credentials()).toBe(one);
    expect(codes).toEqual(['123456']);
    expect(at.screen().split(`MFA code for ${DEVICE}: `)).toHaveLength(2);
  });

  it('is sent through the proxy', async () => {
    await answering(ASSUMED);
    const proxy = await forwardProxy();
    try {
      process.env.HTTP_PROXY = proxy.url;
      await credentialsAt(terminal('123456\n'))();
      expect(proxy.forwarded).toEqual([`${sts?.url}/`]);
    } finally {
      await proxy.close();
    }
  });

  it('is not asked for again where AWS refused it', async () => {
    await answering(REFUSED);
    const at = terminal('000000\n');
    const credentials = credentialsAt(at);
    const refused = await credentials().catch(sentence);
    expect(refused).toBe(
      'The profile "mfa" gave no valid AWS credentials (the AWS SDK says: "MultiFactorAuthentication failed with invalid MFA one time pass code."): correct the profile or sign in with it, or choose another with AWS_PROFILE.',
    );
    expect(await credentials().catch(sentence)).toBe(refused);
    expect(codes).toEqual(['000000']);
    expect(at.screen().split('MFA code for')).toHaveLength(2);
  });

  it.each([
    ['Ctrl-C', '12\u0003', false],
    ['the end of the input', '', true],
  ])('may be withheld by %s', async (_, typed, end) => {
    await answering(ASSUMED);
    const credentials = credentialsAt(terminal(typed, end));
    expect(await credentials().catch(sentence)).toContain('No MFA code was typed.');
    expect(codes).toEqual([]);
  });

  /** In a process of its own: it would end it. */
  it('is given up where the source profile has no credentials', async () => {
    process.env.AWS_PROFILE = 'lost';
    const terminalWhereNobodyTypes = moduleOf(`
      import { PassThrough } from 'node:stream';
      const stdin = Object.assign(new PassThrough(), { isTTY: true });
      Object.defineProperty(process, 'stdin', { value: stdin });
      process.stderr.isTTY = true;
    `);
    const words = ['verify', 's3://bucket'];
    const { exitCode, stderr } = await typeElsewhere(words, [terminalWhereNobodyTypes]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^The profile "lost" gave no .* "Could not resolve credentials using profile: \[nobody\]/m,
    );
  });
});
