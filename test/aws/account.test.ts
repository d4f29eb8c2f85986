import { accountOf } from '../../aws/account.ts';
import { awsAgents } from '../../aws/agents.ts';
import { type HttpStub, httpStub, type StubAnswer } from '../support/http-stub.ts';

const own = { ...process.env };
let sts: HttpStub | undefined;

afterEach(async () => {
  process.env = { ...own };
  await sts?.close();
  sts = undefined;
});

const IDENTITY: StubAnswer = {
  status: 200,
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::111122223333:user/jane</Arn><UserId>U</UserId><Account>111122223333</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>`,
};

const KEYS = { accessKeyId: 'key', secretAccessKey: 'secret' };

const access = (accountId?: string) => ({
  agents: awsAgents({}, 1),
  credentials: async () => ({ ...KEYS, ...(accountId !== undefined && { accountId }) }),
});

async function answering(answer: StubAnswer): Promise<void> {
  sts = await httpStub(answer);
  process.env.AWS_ENDPOINT_URL_STS = sts.url;
}

const account = (accountId?: string) => accountOf(access(accountId), 'eu-west-2', process.env);

it('is told by the credentials where they know it, without a request', async () => {
  await answering(IDENTITY);
  expect(await account('444455556666')).toBe('444455556666');
  expect(sts?.requests).toHaveLength(0);
});

it('is told by AWS STS otherwise', async () => {
  await answering(IDENTITY);
  expect(await account()).toBe('111122223333');
});

it('is left out where AWS STS does not tell it', async () => {
  await answering({ status: 403, body: '<ErrorResponse/>' });
  expect(await account()).toBeUndefined();
});

it('is left out where the credentials do not work: the export says why', async () => {
  const failing = { ...access(), credentials: () => Promise.reject(new Error('expired')) };
  expect(await accountOf(failing, 'eu-west-2', process.env)).toBeUndefined();
});

it('is not asked of AWS for a Connect elsewhere, such as the simulator', async () => {
  process.env.AWS_ENDPOINT_URL_CONNECT = 'http://127.0.0.1:9';
  process.env.HTTPS_PROXY = 'http://127.0.0.1:9';
  expect(await account()).toBeUndefined();
});
