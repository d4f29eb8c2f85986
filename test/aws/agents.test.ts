import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectClient, ListUsersCommand } from '@aws-sdk/client-connect';
import { awsAccess } from '../../aws/access.ts';
import { awsAgents } from '../../aws/agents.ts';
import { clientSettings } from '../../aws/client-settings.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { FULL } from '../support/breadth.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3/server.ts';
import { type ForwardProxy, forwardProxy } from '../support/forward-proxy.ts';
import { type HttpStub, httpStub } from '../support/http-stub.ts';
import type { Loopback } from '../support/loopback.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { type Session, saidAfterFirst, type } from '../support/terminal.ts';
import { CA_FILE, tlsServer } from '../support/tls/server.ts';

const newFolder = temporaryFolders();
const own = { ...process.env };
let simulator: Simulator;
let connect: Loopback;
let proxy: ForwardProxy;

beforeAll(async () => {
  simulator = await startSimulator({ users: 5, quota: 'unlimited' });
  connect = await tlsServer(simulator.url);
});

afterAll(async () => {
  process.env = own;
  await connect.close();
  await simulator.close();
});

beforeEach(async () => {
  proxy = await forwardProxy();
  proxy.portOfOthers = connect.port;
  process.env = {
    PATH: own.PATH,
    HOME: newFolder(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_CONNECT: connect.url,
    AWS_CA_BUNDLE: CA_FILE,
  };
});

afterEach(() => proxy.close());

async function exportTo(out: string, ...more: string[]): Promise<Session> {
  const { stderr, ...ended } = await type(
    ...['export', '--instance-id', simulator.instanceId, '--out', out],
    ...(more.length > 0 ? more : ['--requests-per-second', '10000']),
  );
  return { ...ended, stderr: saidAfterFirst(stderr) };
}

/** One request, as all commands make it. */
async function askConnect(): Promise<void> {
  const client = new ConnectClient(clientSettings(await awsAccess(process.env), 'us-east-1'));
  try {
    await client.send(new ListUsersCommand({ InstanceId: simulator.instanceId }));
  } finally {
    client.destroy();
  }
}

const authority = (url: string): string => new URL(url).host;

describe('through a proxy', () => {
  it('opens no more tunnels than there may be connections, and uses each again', async () => {
    process.env.HTTPS_PROXY = proxy.url;
    const bundle = { path: CA_FILE, setting: 'AWS_CA_BUNDLE' };
    const client = new ConnectClient({ requestHandler: awsAgents(process.env, 3, bundle) });
    const ask = () => client.send(new ListUsersCommand({ InstanceId: simulator.instanceId }));
    await Promise.all([ask(), ask(), ask(), ask(), ask(), ask()]);
    await ask();
    expect(proxy.tunnels).toEqual(Array(3).fill(authority(connect.url)));
    client.destroy();
  });

  it('says to the proxy who asks', async () => {
    process.env.HTTPS_PROXY = proxy.url.replace('//', '//jane:s%40fe@');
    await askConnect();
    expect(new Set(proxy.tunnels)).toEqual(new Set([authority(connect.url)]));
    const basic = `Basic ${Buffer.from('jane:s@fe').toString('base64')}`;
    expect(new Set(proxy.authorizations)).toEqual(new Set([basic]));
  });

  it('reaches a name that only the proxy can resolve', async () => {
    process.env.https_proxy = authority(proxy.url);
    process.env.AWS_ENDPOINT_URL_CONNECT = 'https://connect.aws.example';
    await askConnect();
    expect(new Set(proxy.tunnels)).toEqual(new Set(['connect.aws.example:443']));
  });

  it('reaches what speaks http', async () => {
    process.env.HTTP_PROXY = proxy.url;
    process.env.AWS_ENDPOINT_URL_CONNECT = simulator.url;
    await askConnect();
    expect(proxy.forwarded).toEqual([expect.stringMatching(`^${simulator.url}/`)]);
    expect(proxy.tunnels).toEqual([]);
  });

  it.each([
    ['https', '127.0.0.1'],
    ['http', '10.0.0.1,127.0.0.1'],
    ['https', '*'],
  ])('goes past it over %s where NO_PROXY is %s', async (scheme, exempt) => {
    process.env.HTTPS_PROXY = proxy.url;
    process.env.HTTP_PROXY = proxy.url;
    process.env.NO_PROXY = exempt;
    if (scheme === 'http') process.env.AWS_ENDPOINT_URL_CONNECT = simulator.url;
    await askConnect();
    expect([...proxy.tunnels, ...proxy.forwarded]).toEqual([]);
  });

  it.each([403, 407])('says that something on the network refused: %p', async (status) => {
    process.env.HTTPS_PROXY = proxy.url;
    proxy.refuseWith = status;
    const { exitCode, stderr } = await exportTo(newFolder());
    expect(stderr).toMatch(
      `answered with HTTP ${status} by something on the network that is not AWS`,
    );
    expect(exitCode).toBe(1);
  });

  it('says that the proxy is not there, and nothing of AWS', async () => {
    await proxy.close();
    process.env.HTTPS_PROXY = proxy.url;
    const { exitCode, stderr } = await type('verify', 's3://test-bucket/team');
    expect([exitCode, stderr]).toEqual([
      1,
      `The proxy gave no connection for s3://test-bucket/team/manifests/ (connect ECONNREFUSED ${authority(proxy.url)}): correct HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY if it needs no proxy.\n`,
    ]);
  });

  it('says that the proxy hangs up', async () => {
    process.env.HTTPS_PROXY = proxy.url;
    proxy.hangsUp = true;
    const { exitCode, stderr } = await exportTo(newFolder());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^The proxy gave no connection for ListUsers in us-east-1 \(Proxy .*\): /,
    );
  });

  it('says which variable is no address of a proxy', async () => {
    process.env.HTTPS_PROXY = 'socks5://127.0.0.1:1080';
    const { exitCode, stderr } = await exportTo(newFolder());
    expect([exitCode, stderr]).toEqual([
      1,
      'HTTPS_PROXY is "socks5://127.0.0.1:1080", which is not the address of an HTTP proxy: set it to http://host:port or https://host:port.\n',
    ]);
  });
});

describe('every service of an export', () => {
  let s3: FakeS3;
  let bucket: Loopback;
  let quotas: HttpStub;
  let quotasOverTls: Loopback;

  beforeEach(async () => {
    s3 = await startFakeS3();
    bucket = await tlsServer(s3.url);
    quotas = await httpStub({ status: 200, body: JSON.stringify({ Quota: { Value: 10000 } }) });
    quotasOverTls = await tlsServer(quotas.url);
    process.env.AWS_ENDPOINT_URL_S3 = bucket.url;
    process.env.AWS_ENDPOINT_URL_SERVICE_QUOTAS = quotasOverTls.url;
  });

  afterEach(async () => {
    await quotasOverTls.close();
    await quotas.close();
    await bucket.close();
    await s3.close();
  });

  it('goes through the proxy, with the certificates of AWS_CA_BUNDLE', async () => {
    process.env.HTTPS_PROXY = proxy.url;
    const exported = await exportTo(`s3://${s3.bucket}`, '--quota-share', '1');
    expect(exported).toMatchObject({ exitCode: 0 });
    expect(exported.stderr).not.toContain('assumed');
    expect(new Set(proxy.tunnels)).toEqual(
      new Set([connect, bucket, quotasOverTls].map(({ url }) => authority(url))),
    );
    proxy.tunnels.splice(0);
    expect(await type('verify', `s3://${s3.bucket}`)).toMatchObject({ exitCode: 0 });
    expect(new Set(proxy.tunnels)).toEqual(new Set([authority(bucket.url)]));
  });

  // What goes through the proxy is made by the same agents.
  if (FULL) {
    it('goes past it, with the certificates of AWS_CA_BUNDLE', async () => {
      expect(await exportTo(`s3://${s3.bucket}`, '--quota-share', '1')).toMatchObject({
        exitCode: 0,
      });
      expect(quotas.requests).toHaveLength(3);
    });
  }
});

describe('AWS_CA_BUNDLE', () => {
  it('is named where a certificate is not trusted', async () => {
    delete process.env.AWS_CA_BUNDLE;
    const { exitCode, stderr } = await exportTo(newFolder());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /The certificate of the server that was asked for ListUsers in us-east-1 is not trusted \(UNABLE_TO_\w+\): set AWS_CA_BUNDLE to a file of the certificates that your network uses\.\n$/,
    );
  });

  it('must be a file that can be read, and hold a certificate', async () => {
    process.env.AWS_CA_BUNDLE = '/nowhere/ca.pem';
    expect((await exportTo(newFolder())).stderr).toBe(
      `AWS_CA_BUNDLE is "/nowhere/ca.pem", which cannot be read (ENOENT: no such file or directory, open '/nowhere/ca.pem'): set it to a file of certificates in PEM format, or leave it unset.\n`,
    );
    const file = join(newFolder(), 'ca.der');
    writeFileSync(file, Buffer.from([0x30, 0x82, 1, 2]));
    process.env.AWS_CA_BUNDLE = file;
    const { exitCode, stderr } = await exportTo(newFolder());
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`AWS_CA_BUNDLE is "${file}", which holds no certificate: `);
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nc2V2ZXJlZA==\n-----END CERTIFICATE-----\n');
    expect((await exportTo(newFolder())).stderr).toBe(stderr);
  });

  it('may be left to the profile', async () => {
    delete process.env.AWS_CA_BUNDLE;
    const config = join(newFolder(), 'config');
    process.env.AWS_CONFIG_FILE = config;
    writeFileSync(config, `[profile own]\nca_bundle = ${CA_FILE}\n[default]\nca_bundle = /no\n`);
    process.env.AWS_PROFILE = 'own';
    await askConnect();
    delete process.env.AWS_PROFILE;
    expect((await exportTo(newFolder())).stderr).toMatch(
      /^ca_bundle of the profile "default" is "\/no", which cannot be read \(ENOENT.*\): set it to a file/,
    );
  });

  it('may be empty, as if it were not set', async () => {
    process.env.AWS_CA_BUNDLE = '';
    process.env.AWS_ENDPOINT_URL_CONNECT = simulator.url;
    await expect(askConnect()).resolves.toBeUndefined();
  });
});
