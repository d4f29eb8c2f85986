import { connectGateway } from '../../../lambda/connect/gateway.ts';
import { type HttpStub, httpStub } from '../../support/http-stub.ts';
import { virtualTimers } from '../../support/virtual-timers.ts';
import { WITHOUT_EXTRAS } from '../../support/world.ts';

let quotas: HttpStub;

beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'exporter';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});

afterEach(() => quotas?.close());

async function appliedQuotas(...values: readonly (number | undefined)[]): Promise<void> {
  // Each reading asks for the quotas of two operations.
  const answers = values.flatMap((value) => [value, value]);
  quotas = await httpStub(
    ...answers.map((value) => ({ status: 200, body: JSON.stringify({ Quota: { Value: value } }) })),
  );
  process.env.AWS_ENDPOINT_URL_SERVICE_QUOTAS = quotas.url;
}

const gateway = (warn: (message: string) => void = () => undefined) =>
  connectGateway({
    ...WITHOUT_EXTRAS,
    region: 'us-east-1',
    warnings: { warn },
    timers: virtualTimers(),
  });

describe('a gateway', () => {
  it('reads the quotas for every slice, and goes on with what it learned', async () => {
    await appliedQuotas(20, 40);
    const made = gateway();
    const first = await made.open();
    expect(first.traffic.learnedRates()).toEqual({ list_users: 16, list_user_proficiencies: 16 });
    expect(first.concurrency).toBe(16);
    first.traffic.adopt({ list_user_proficiencies: 3 });

    const second = await made.open();
    expect(second.traffic.learnedRates()).toEqual({ list_users: 32, list_user_proficiencies: 3 });
    expect(second.concurrency).toBe(32);
    made.close();
  });

  it('shares the rate with other runs, and has it whole again in the next slice', async () => {
    await appliedQuotas(20, 20);
    const made = gateway();
    const { traffic } = await made.open();
    traffic.share(2);
    expect(traffic.learnedRates()).toEqual({ list_users: 8, list_user_proficiencies: 8 });
    traffic.adopt({ list_user_proficiencies: 16 });
    expect(traffic.learnedRates()).toMatchObject({ list_user_proficiencies: 8 });
    traffic.share(1);
    expect(traffic.learnedRates()).toEqual({ list_users: 16, list_user_proficiencies: 16 });
    traffic.share(4);
    const next = await made.open();
    expect(next.traffic.learnedRates()).toEqual({ list_users: 16, list_user_proficiencies: 16 });
    made.close();
  });

  it('says once in its life that it does not know the quota', async () => {
    await appliedQuotas(undefined);
    const warn = jest.fn();
    const made = gateway(warn);
    await made.open();
    await made.open();
    expect(warn).toHaveBeenCalledTimes(1);
    made.close();
  });
});
