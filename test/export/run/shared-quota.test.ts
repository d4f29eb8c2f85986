import { leaseKey } from '../../../contract/keys.ts';
import { LEASE_SECONDS } from '../../../export/run/lease.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { scriptedConnect } from '../../support/scripted-connect.ts';
import { until, world } from '../../support/world.ts';

const OTHER = '99999999-2222-3333-4444-555555555555';

const ASKED = { executionName: 'one' };

/** Two instances' runs on one store, each at a Connect of its own. */
function pair() {
  const store = memoryStore();
  const one = world(scriptedConnect(2), store);
  const other = world(scriptedConnect(10), store);
  /** A slice of the other run that ends before its run does: the run goes on holding its lease. */
  const begin = (settings = {}) => {
    const deadline = until(() => other.connect.asked.length >= 3);
    return other.slice({ instanceId: OTHER }, { deadline }, settings);
  };
  return { store, one, other, begin };
}

test('a run alone has the whole rate', async () => {
  const { one } = pair();
  await one.slice();
  expect(new Set(one.connect.shares)).toEqual(new Set([1]));
});

test('runs of different instances share it', async () => {
  const { one, begin } = pair();
  await begin();
  await one.slice();
  expect(new Set(one.connect.shares)).toEqual(new Set([2]));
});

test('a run at work notices one that begins, and that it has ended', async () => {
  const { one, other, begin } = pair();
  const { runId } = await begin();
  let hasMet = false;
  const meets = {
    ...other.connect,
    proficiencyReader(...given: Parameters<typeof other.connect.proficiencyReader>) {
      const read = other.connect.proficiencyReader(...given);
      return async (id: string) => {
        // The first slice of the run that begins leaves it going on.
        if (!hasMet) {
          hasMet = true;
          await one.slice(ASKED, { deadline: until(() => one.connect.asked.length >= 1) });
        }
        return read(id);
      };
    },
  };
  other.connect.shares.length = 0;
  expect(await other.slice({ instanceId: OTHER, runId }, { connect: meets })).toMatchObject({
    status: 'PUBLISHED',
  });
  expect(other.connect.shares).toEqual([1, 2]);
  const before = one.connect.shares.length;
  await one.slice(ASKED);
  expect(new Set(one.connect.shares.slice(before))).toEqual(new Set([1]));
});

describe('nothing is left to a run of another instance', () => {
  const expectWhole = async ({ one }: ReturnType<typeof pair>) => {
    await one.slice();
    expect(new Set(one.connect.shares)).toEqual(new Set([1]));
  };

  test('that is over', async () => {
    const w = pair();
    const { runId } = await w.begin();
    await w.other.slice({ instanceId: OTHER, runId });
    await expectWhole(w);
  });

  test('that died more than a lease ago', async () => {
    const w = pair();
    await w.begin();
    w.one.pass(LEASE_SECONDS + 1);
    await expectWhole(w);
  });

  test('in another Region', async () => {
    const w = pair();
    await w.begin({ region: 'eu-west-2' });
    await expectWhole(w);
  });

  test('with a damaged lease', async () => {
    const w = pair();
    await w.begin();
    await w.store.put(leaseKey(OTHER), Buffer.from('{"version":1}'));
    await expectWhole(w);
  });
});
