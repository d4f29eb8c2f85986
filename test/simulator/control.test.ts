import { type Simulator, startSimulator } from '../../simulator/server.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ users: 3, latencyMs: 0 });
});

afterAll(() => simulator.close());

const send = async (method: string, path: string, body?: string) => {
  const response = await fetch(simulator.url + path, {
    method,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: await response.json() };
};

test('another process sets faults, reads them and the counts', async () => {
  const faults = [{ fault: 'internalError', everyNth: 1 }];
  const put = await send('PUT', '/_simulator/faults', JSON.stringify(faults));
  expect(put).toEqual({ status: 200, body: faults });
  expect(await send('GET', '/_simulator/faults')).toEqual({ status: 200, body: faults });
  expect(await send('GET', '/instance')).toMatchObject({ status: 500 });
  await send('PUT', '/_simulator/faults', '[]');
  expect(await send('GET', '/instance')).toMatchObject({ status: 200 });
  expect(await send('GET', '/_simulator/stats')).toEqual({
    status: 200,
    body: { unsigned: { ListInstances: { ok: 1, throttled: 0, refused: 0, failed: 1 } } },
  });
});

test.each(['', '{}', '[{"fault":"flood"}]', '[{"fault":"slow","ms":1,"sometimes":true}]'])(
  'refuses %p as faults and keeps those it has',
  async (body) => {
    const { status, body: answer } = await send('PUT', '/_simulator/faults', body);
    expect(status).toBe(400);
    expect(answer).toEqual({ Message: expect.stringContaining('These are not faults') });
    expect(simulator.faults()).toEqual([]);
  },
);

test('names what there is where something else is asked for', async () => {
  expect(await send('GET', '/_simulator/help')).toEqual({
    status: 404,
    body: { Message: expect.stringContaining('/_simulator/stats') },
  });
});
