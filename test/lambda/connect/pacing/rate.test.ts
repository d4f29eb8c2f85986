import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { operationsFor } from '../../../../contract/operations.ts';
import type { Pace } from '../../../../contract/pace.ts';
import { ratesInForce, requestsInFlight } from '../../../../lambda/connect/pacing/rate.ts';
import { type HttpStub, httpStub, type StubAnswer } from '../../../support/http-stub.ts';
import { WITHOUT_EXTRAS } from '../../../support/world.ts';

let stub: HttpStub | undefined;

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

/** The rates that follow from what Service Quotas answers, and what is said about it. */
async function rates(pace: Pace, ...answers: readonly StubAnswer[]) {
  stub = await httpStub(...answers);
  const client = new ServiceQuotasClient({
    region: 'us-east-1',
    endpoint: stub.url,
    credentials: { accessKeyId: 'exporter', secretAccessKey: 'secret' },
  });
  const warn = jest.fn();
  const inForce = await ratesInForce(pace, operationsFor(WITHOUT_EXTRAS), client, { warn });
  client.destroy();
  return { inForce, warn, requests: stub.requests };
}

const quota = (value: unknown): StubAnswer => ({
  status: 200,
  body: JSON.stringify({ Quota: { Value: value } }),
});

const refusal = (errorType: string, message: string): StubAnswer => ({
  status: 400,
  headers: { 'x-amzn-errortype': errorType },
  body: JSON.stringify({ __type: errorType, message }),
});

describe('the rates in force', () => {
  it('are four fifths of the applied quotas', async () => {
    const { inForce, warn, requests } = await rates({}, quota(10));
    expect(inForce).toMatchObject({ list_users: 8, list_user_proficiencies: 8 });
    expect(warn).not.toHaveBeenCalled();
    expect(requests).toHaveLength(2);
  });

  it('are the share that was asked for', async () => {
    const { inForce } = await rates({ quotaShare: 0.5 }, quota(20));
    expect(inForce.list_user_proficiencies).toBe(10);
  });

  it('are fixed where they were, and nobody is asked', async () => {
    const { inForce, requests } = await rates({ requestsPerSecond: 7.5 }, quota(20));
    expect(inForce).toMatchObject({ list_users: 7.5, list_user_proficiencies: 7.5 });
    expect(requests).toHaveLength(0);
  });

  it.each([
    [
      'no permission',
      refusal(
        'AccessDeniedException',
        'User: arn:aws:iam::1:user/jane is not authorized with an explicit deny in a service control policy',
      ),
      /\(AccessDeniedException; AWS says: "User: arn:… is not authorized with an explicit deny in a service control policy"\).*GetServiceQuota/,
    ],
    [
      'no such quota',
      refusal('NoSuchResourceException', 'No such quota.'),
      /\(NoSuchResourceException; AWS says: "No such quota\."\)(?!.*GetServiceQuota)/,
    ],
    [
      'a page of a web gateway',
      { status: 403, body: '<html>Blocked</html>' },
      /\(HTTP 403 from something on the network that is not AWS\)(?!.*GetServiceQuota)/,
    ],
    ['no value', quota(undefined), /\(no value\)/],
    ['zero', quota(0), /\(no value\)/],
  ])('are a share of two per second without a quota, said once: %s', async (_, answer, message) => {
    const { inForce, warn } = await rates({}, answer);
    expect(inForce).toMatchObject({ list_users: 1.6, list_user_proficiencies: 1.6 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(message));
  });
});

describe('requests in flight', () => {
  it.each([
    [0.5, 4],
    [2, 4],
    [16, 16],
    [16.1, 17],
    [200, 100],
    [100_000, 100],
  ])('at %d/s: %d', (rate, inFlight) => {
    expect(requestsInFlight(rate)).toBe(inFlight);
  });
});
