import { gunzipSync } from 'node:zlib';
import { ExportFailure, MOST_FAILED_USERS } from '../../contract/failure.ts';
import { failedKey, manifestKey, snapshotKey } from '../../contract/keys.ts';
import { manifestSchema } from '../../contract/manifest.ts';
import { measure } from '../../export/files/gzip-meter.ts';
import { getDocument } from '../../export/files/json.ts';
import { PART_USERS } from '../../export/parts/part.ts';
import type { ReadProficiencies } from '../../export/ports.ts';
import { LEASE_SECONDS } from '../../export/run/lease.ts';
import { NO_PROFICIENCIES, scriptedConnect, userId } from '../support/scripted-connect.ts';
import { INSTANCE, unlimited, until, type World, world } from '../support/world.ts';

const DATE = '2026-11-23';
const RUN_ID = expect.stringMatching(/^20261123T020000Z-[0-9a-f]{8}$/);

/** So many failed users end a run. */
const TOO_MANY = MOST_FAILED_USERS + 1;

/** The first so many users fail. */
const failing = (users: number) =>
  Object.fromEntries(
    Array.from({ length: users }, (_, index) => [userId(index), 'failing' as const]),
  );

/** A clock by which a part is closed after some two hundred users: it passes with each who is asked for. */
const busyClock = ({ now, connect }: World) => {
  return () => new Date(now().getTime() + 300 * connect.asked.length);
};

const manifestOf = async (store: ReturnType<typeof world>['store'], date = DATE) =>
  (await getDocument(store, manifestKey(INSTANCE, date), manifestSchema))?.value;

describe('a run in one slice', () => {
  it('publishes a row for every user, those without proficiencies too', async () => {
    const { slice, rows } = world(scriptedConnect(3, { [userId(1)]: NO_PROFICIENCIES }));

    expect(await slice()).toEqual({
      status: 'PUBLISHED',
      instanceId: INSTANCE,
      runId: RUN_ID,
      snapshotDate: DATE,
      usersTotal: 3,
      usersDone: 3,
      usersFailed: 0,
      percent: 100,
      estimatedSecondsLeft: 0,
      snapshotUri: `memory://${snapshotKey(INSTANCE, DATE)}`,
      manifestUri: `memory://${manifestKey(INSTANCE, DATE)}`,
    });
    expect(await rows()).toEqual([
      expect.objectContaining({ user_id: userId(0), proficiency_count: 1 }),
      expect.objectContaining({ user_id: userId(1), proficiency_count: 0, proficiencies: [] }),
      expect.objectContaining({ user_id: userId(2), proficiency_count: 1 }),
    ]);
  });

  it('writes a manifest that fits the snapshot', async () => {
    const { slice, store, summaries, published } = world(
      scriptedConnect(7, { [userId(2)]: 'deleted' }),
    );
    const { runId } = await slice({ scheduledTime: '2026-11-23T02:00:00Z' });

    const manifest = await manifestOf(store);
    const snapshot = await store.get(snapshotKey(INSTANCE, DATE));
    const content = snapshot && (await measure(snapshot.body));
    expect(manifest).toMatchObject({
      run_id: runId,
      trigger: 'schedule',
      scheduled_time: '2026-11-23T02:00:00.000Z',
      slices: 1,
      users_listed: 7,
      users_exported: 6,
      users_deleted_during_run: 1,
      users_failed: 0,
      proficiencies: 6,
      requests: { list_user_proficiencies: { ok: 7, throttled: 0, retried: 0 } },
      snapshot: { rows: 6, bytes: content?.bytes, sha256: content?.sha256, etag: snapshot?.etag },
    });
    expect(published).toEqual([manifest]);
    expect(summaries).toEqual([
      expect.objectContaining({
        exported: 6,
        deleted: 1,
        failed: 0,
      }),
    ]);
  });

  it('publishes an explicit empty snapshot of an instance without users', async () => {
    const { slice, rows, store } = world(scriptedConnect(0));
    expect(await slice()).toMatchObject({ status: 'PUBLISHED', percent: 100, usersTotal: 0 });
    expect(await rows()).toEqual([]);
    expect(await manifestOf(store)).toMatchObject({ users_listed: 0, snapshot: { rows: 0 } });
  });

  it('asks for a user that was listed twice only once', async () => {
    const connect = scriptedConnect(2);
    connect.users.push({ id: userId(0) });
    const { slice, rows } = world(connect);
    await slice();
    expect((await rows()).map((row) => row.user_id)).toEqual([userId(0), userId(1)]);
    expect(connect.asked).toEqual([userId(0), userId(1)]);
  });

  it('keeps usernames nowhere where they are switched off', async () => {
    const { slice, rows, store } = world(scriptedConnect(2, { [userId(0)]: 'failing' }));
    await slice({}, {}, { includeUsernames: false, allowedFailedUsers: 1 });
    const { slice: again } = world(scriptedConnect(1), store);
    await again(
      { executionName: 'later', executionStartTime: '2026-11-23T03:00:00Z' },
      {},
      { includeUsernames: false },
    );
    expect(Object.keys((await rows())[0] ?? {})).not.toContain('username');
    const contents = [...store.objects].map(([key, bytes]) =>
      key.endsWith('.gz') ? gunzipSync(bytes).toString() : Buffer.from(bytes).toString(),
    );
    expect(contents.join('\n')).not.toContain('name-0');
  });

  it.each([
    ['America/Los_Angeles', '2026-11-22'],
    ['Asia/Tokyo', '2026-11-23'],
  ])("dates the snapshot in the schedule's time zone, %s", async (timeZone, snapshotDate) => {
    const { slice } = world(scriptedConnect(1));
    const event = { scheduledTime: '2026-11-23T02:00:00Z' };
    expect(await slice(event, {}, { timeZone })).toMatchObject({ snapshotDate });
  });
});

describe('a run in several slices', () => {
  it('goes on where the last slice ended, and asks for nobody twice', async () => {
    const { slice, connect, rows, pass, store } = world(scriptedConnect(40));
    const results = [];
    let runId: string | undefined;
    do {
      const before = connect.asked.length;
      const deadline = until(() => connect.asked.length >= before + 12);
      const clock = () => {
        pass(1);
        return new Date('2026-11-23T02:00:00Z');
      };
      const result = await slice({ ...(runId && { runId }) }, { deadline, clock });
      results.push(result);
      runId = result.runId;
    } while (results.at(-1)?.status === 'IN_PROGRESS');

    expect(results.map(({ status }) => status)).toEqual([
      ...Array(3).fill('IN_PROGRESS'),
      'PUBLISHED',
    ]);
    expect(results.map(({ percent }) => percent)).toEqual([30, 60, 90, 100]);
    expect(connect.asked).toEqual(connect.users.map(({ id }) => id));
    expect(await rows()).toHaveLength(40);
    expect(await manifestOf(store)).toMatchObject({ slices: 4 });
  });

  it('estimates the time left from the pace of the slice', async () => {
    const { slice, connect, pass, now } = world(scriptedConnect(40));
    const clock = () => {
      if (connect.asked.length === 10) pass(5);
      return now();
    };
    const deadline = until(() => connect.asked.length >= 10);
    const { estimatedSecondsLeft, usersDone } = await slice({}, { deadline, clock });
    expect(usersDone).toBe(10);
    expect(estimatedSecondsLeft).toBeGreaterThan(0);
  });

  it('fails when a slice passes without progress', async () => {
    const { slice, connect } = world(scriptedConnect(5));
    const { runId } = await slice({}, { deadline: until(() => connect.asked.length >= 2) });
    await expect(slice({ runId }, { deadline: until(() => true) })).rejects.toMatchObject({
      name: 'NoProgress',
      message: expect.stringContaining('none of the 5 users newly answered for'),
    });
  });

  it('refuses a run id that was never begun', async () => {
    const { slice, store } = world(scriptedConnect(1));
    await expect(slice({ runId: '20261101T000000Z-00000000' })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('20261101T000000Z-00000000'),
    });
    expect([...store.objects.keys()]).toEqual([]);
  });
});

describe('users that cannot be read', () => {
  it('keeps the snapshot back, names them, and asks for them when started again, after one that was answered for', async () => {
    const connect = scriptedConnect(10, { [userId(3)]: 'failing', [userId(7)]: 'failing' });
    const { slice, store, rows } = world(connect);
    const failure = await slice().catch((error: Error) => error);

    expect(failure).toMatchObject({
      name: 'IncompleteSnapshot',
      message: expect.stringMatching(/^2 of 10 users .*user-0003 \(InternalServiceException/),
    });
    const [runId = ''] = /2026\d+T\d+Z-\w+/.exec(String(failure)) ?? [];
    const failed = store.objects.get(failedKey(INSTANCE, runId));
    expect(
      Buffer.from(failed ?? [])
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { user_id: userId(3), error: 'InternalServiceException', message: 'scripted' },
      { user_id: userId(7), error: 'InternalServiceException', message: 'scripted' },
    ]);
    expect(store.objects.has(snapshotKey(INSTANCE, DATE))).toBe(false);

    connect.answers.set(userId(3), NO_PROFICIENCIES);
    connect.answers.set(userId(7), 'deleted');
    connect.asked.length = 0;
    expect(await slice({ runId })).toMatchObject({ status: 'PUBLISHED', runId });
    expect(connect.asked).toEqual([userId(0), userId(3), userId(7)]);
    expect(await rows()).toHaveLength(9);
    expect(await manifestOf(store)).toMatchObject({ users_deleted_during_run: 1, users_failed: 0 });
  });

  it('asks once more at the end before it gives up on anybody', async () => {
    const connect = scriptedConnect(4, { [userId(0)]: 'failing' });
    const { slice, rows } = world(connect);
    const recovers = {
      ...connect,
      proficiencyReader: (...given: Parameters<typeof connect.proficiencyReader>) => {
        if (connect.asked.length >= 4) connect.answers.set(userId(0), NO_PROFICIENCIES);
        return connect.proficiencyReader(...given);
      },
    };
    expect(await slice({}, { connect: recovers })).toMatchObject({ status: 'PUBLISHED' });
    expect(await rows()).toHaveLength(4);
  });

  it('publishes without them where so many may fail, and says how many', async () => {
    const { slice, rows, store } = world(scriptedConnect(4, { [userId(0)]: 'failing' }));
    expect(await slice({}, {}, { allowedFailedUsers: 1 })).toMatchObject({
      status: 'PUBLISHED',
      usersFailed: 1,
    });
    expect(await rows()).toHaveLength(3);
    expect(await manifestOf(store)).toMatchObject({
      users_listed: 4,
      users_exported: 3,
      users_failed: 1,
    });
  });

  it('does not take the end of the instance for the end of its users', async () => {
    const connect = scriptedConnect(2, { [userId(0)]: 'deleted', [userId(1)]: 'deleted' });
    let listings = 0;
    const gone = {
      ...connect,
      async *listUsers(...question: Parameters<typeof connect.listUsers>) {
        if (++listings > 1) throw new ExportFailure('InstanceNotFound', 'gone');
        yield* connect.listUsers(...question);
      },
    };
    const { slice, store } = world(connect);
    await expect(slice({}, { connect: gone })).rejects.toMatchObject({ name: 'InstanceNotFound' });
    expect(store.objects.has(snapshotKey(INSTANCE, DATE))).toBe(false);
  });

  it('gives up early when hardly anybody can be read', async () => {
    const users = TOO_MANY + 300;
    const at = world(scriptedConnect(users, failing(users)));
    const failure = at.slice({}, { clock: busyClock(at) });
    await expect(failure).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(at.connect.asked.length).toBeLessThan(users + 10);
  });

  it('goes on with the rest once Connect is well again after it gave up early', async () => {
    const users = TOO_MANY + 300;
    const at = world(scriptedConnect(users, failing(users)));
    const { slice, connect, rows } = at;
    const failure = await slice({ executionName: 'one' }, { clock: busyClock(at) }).catch(
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ name: 'ServiceUnavailable' });
    expect(at.summaries[0]?.failed).toBeLessThan(users);

    connect.answers.forEach((_, id) => {
      connect.answers.set(id, NO_PROFICIENCIES);
    });
    expect(await slice({ executionName: 'one' })).toMatchObject({ status: 'PUBLISHED' });
    expect(new Set((await rows()).map((row) => row.user_id)).size).toBe(users);
  });

  it('asks for nobody else where Connect goes silent in the middle', async () => {
    const connect = scriptedConnect(500);
    const at = world(connect);
    let failing = 0;
    let closed = 0;
    // Whoever fails has been asked for as long as a part is open: the part before is closed by then.
    const goesSilent = {
      ...connect,
      proficiencyReader: (...given: Parameters<typeof connect.proficiencyReader>) => {
        const read = connect.proficiencyReader(...given);
        const [, signal] = given;
        return async (id: string) => {
          if (connect.asked.length >= 20) {
            const isAskedAgain = connect.asked.includes(id);
            connect.answers.set(id, 'failing');
            const before = failing++;
            while (closed < before && !isAskedAgain && !signal.aborted) {
              await new Promise(setImmediate);
            }
            signal.throwIfAborted();
            at.pass(61);
          }
          return read(id);
        };
      },
    };
    const observer = {
      begun: () => undefined,
      missing: () => undefined,
      userDone: () => undefined,
      userFailed: () => undefined,
      partClosed: () => {
        closed += 1;
      },
      published: () => undefined,
      sliceEnded: () => undefined,
    };
    const event = { executionName: 'one', scheduledTime: '2026-11-23T02:00:00Z' };
    await expect(at.slice(event, { connect: goesSilent, observer })).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/answers for no user at the moment/),
    });
    expect(connect.asked.length).toBeLessThan(50);

    for (const { id } of connect.users) connect.answers.set(id, NO_PROFICIENCIES);
    expect(await at.slice(event)).toMatchObject({ status: 'PUBLISHED', usersFailed: 0 });
  });

  it.each([
    ['none may fail', 0],
    ['all may fail', 4],
  ])('publishes nothing where Connect no longer answers for anybody: %s', async (_, allowed) => {
    const connect = scriptedConnect(4, { [userId(3)]: 'failing' });
    const { slice, store, rows, summaries } = world(connect);
    const down = {
      ...connect,
      proficiencyReader: (...given: Parameters<typeof connect.proficiencyReader>) => {
        if (connect.asked.length >= 4) connect.answers.set(userId(0), 'failing');
        return connect.proficiencyReader(...given);
      },
    };
    const event = { executionName: 'one' };
    const settings = { allowedFailedUsers: allowed };
    await expect(slice(event, { connect: down }, settings)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(
        /answers for no user at the moment, and 1 of the 4 users .* InternalServiceException: scripted/,
      ),
    });
    expect(store.objects.has(snapshotKey(INSTANCE, DATE))).toBe(false);
    expect(summaries).toEqual([expect.objectContaining({ failed: 1, goesOn: true })]);

    connect.answers.set(userId(0), NO_PROFICIENCIES).set(userId(3), NO_PROFICIENCIES);
    expect(await slice(event, {}, settings)).toMatchObject({ usersFailed: 0 });
    expect(await rows()).toHaveLength(4);
  });

  it('goes on at once where Connect is well again when it would give up', async () => {
    const users = 2 * PART_USERS + 1;
    const connect = scriptedConnect(users);
    const { slice, rows } = world(connect);
    const downForAWhile = {
      ...connect,
      proficiencyReader(...given: Parameters<typeof connect.proficiencyReader>): ReadProficiencies {
        const read = connect.proficiencyReader(...given);
        return (id) => {
          const asked = connect.asked.length;
          const isDown = asked >= 50 && asked < 50 + TOO_MANY;
          connect.answers.set(id, isDown ? 'failing' : NO_PROFICIENCIES);
          return read(id);
        };
      },
    };
    expect(await slice({}, { connect: downForAWhile })).toMatchObject({ status: 'PUBLISHED' });
    expect(await rows()).toHaveLength(users);
  });

  it('publishes nothing where nobody was ever answered for, whoever may fail', async () => {
    const { slice, store } = world(scriptedConnect(3, failing(3)));
    const event = { executionName: 'one' };
    for (const _ of [1, 2]) {
      await expect(slice(event, {}, { allowedFailedUsers: 3 })).rejects.toMatchObject({
        name: 'ServiceUnavailable',
      });
    }
    expect(store.objects.has(snapshotKey(INSTANCE, DATE))).toBe(false);
  });

  it('asks for one that was answered for before it asks again for all that failed', async () => {
    const answers = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [userId(index + 1), 'failing' as const]),
    );
    const { slice, connect } = world(scriptedConnect(10, answers));
    const event = { executionName: 'one' };
    await expect(slice(event)).rejects.toMatchObject({ name: 'IncompleteSnapshot' });
    connect.answers.set(userId(0), 'failing');
    connect.asked.length = 0;
    await expect(slice(event)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(connect.asked).toEqual([userId(0)]);
  });

  it.each([
    ['publishes without those who may fail', 1],
    ['does not count the others as failed for good', 0],
  ])('%s where the slice ends while they are asked for again', async (_, allowed) => {
    const connect = scriptedConnect(4, { [userId(3)]: 'failing' });
    const { slice } = world(connect);
    const settings = { allowedFailedUsers: allowed };
    const deadline = until(() => connect.asked.length >= 4);
    const first = await slice({}, { deadline }, settings);
    expect(first).toMatchObject({ status: 'IN_PROGRESS', usersDone: 4, usersFailed: 1 });

    const cut = new AbortController();
    const stuck = {
      ...connect,
      proficiencyReader(instanceId: string, signal: AbortSignal): ReadProficiencies {
        const read = connect.proficiencyReader(instanceId, signal);
        return (id) => {
          if (id !== userId(3)) return read(id);
          cut.abort();
          return Promise.reject(signal.reason);
        };
      },
    };
    const over = { ...unlimited(), reached: () => cut.signal.aborted, signal: cut.signal };
    const second = await slice(
      { runId: first.runId },
      { connect: stuck, deadline: over },
      settings,
    ).catch((error: Error) => error);
    expect(second).toMatchObject(
      allowed ? { status: 'PUBLISHED', usersFailed: 1 } : { name: 'ServiceUnavailable' },
    );
  });

  it('says so where nobody may be read any more', async () => {
    const connect = scriptedConnect(4, { [userId(3)]: 'failing' });
    const { slice } = world(connect);
    const denied = {
      ...connect,
      proficiencyReader: (...given: Parameters<typeof connect.proficiencyReader>) => {
        if (connect.asked.length >= 4) connect.answers.set(userId(0), 'denied');
        return connect.proficiencyReader(...given);
      },
    };
    await expect(slice({}, { connect: denied })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'nobody may be read',
    });
  });

  it('keeps what was answered behind a user that was not when the slice ended', async () => {
    const connect = scriptedConnect(10);
    const { slice } = world(connect);
    const cut = new AbortController();
    const stuck = {
      ...connect,
      proficiencyReader(instanceId: string, signal: AbortSignal): ReadProficiencies {
        const read = connect.proficiencyReader(instanceId, signal);
        const noAnswer = () =>
          new Promise<never>((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        return (id) => (id === userId(1) ? noAnswer() : read(id));
      },
    };
    const deadline = {
      ...unlimited(),
      reached: () => {
        const isOver = connect.asked.length >= 6;
        if (isOver) setImmediate(() => cut.abort());
        return isOver;
      },
      signal: cut.signal,
    };
    const result = await slice({}, { connect: stuck, deadline });
    expect(result).toMatchObject({ status: 'IN_PROGRESS', usersFailed: 1 });
    expect(result.usersDone).toBeGreaterThan(5);
    connect.asked.length = 0;
    expect(await slice({ runId: result.runId })).toMatchObject({ status: 'PUBLISHED' });
    expect(connect.asked).toHaveLength(10 - result.usersDone + 1);
    expect(connect.asked.at(-1)).toBe(userId(1));
  });
});

describe('users whom AWS denies', () => {
  const denied = (...indexes: number[]) =>
    Object.fromEntries(indexes.map((index) => [userId(index), 'denied' as const]));
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);

  it.each([
    ['the first', 0],
    ['one in the middle', 3],
    ['the last', 5],
  ])('are counted among those allowed to fail: %s', async (_, index) => {
    const { slice, rows } = world(scriptedConnect(6, denied(index)));
    expect(await slice({}, {}, { allowedFailedUsers: 1 })).toMatchObject({
      status: 'PUBLISHED',
      usersFailed: 1,
    });
    expect(await rows()).toHaveLength(5);
  });

  it('keep the snapshot back where none is allowed, and are named', async () => {
    const { slice } = world(scriptedConnect(40, denied(...range(3, 8), ...range(20, 29))));
    await expect(slice()).rejects.toMatchObject({
      name: 'IncompleteSnapshot',
      message: expect.stringMatching(/^14 of 40 .*user-0003 \(AccessDeniedException: scripted/),
    });
  });

  it('may be as many in a row as are allowed to fail', async () => {
    const { slice } = world(scriptedConnect(60, denied(...range(20, 50))));
    expect(await slice({}, {}, { allowedFailedUsers: 30 })).toMatchObject({
      status: 'PUBLISHED',
      usersFailed: 30,
    });
  });

  it.each([
    ['where nobody is answered for', 0],
    ['where nobody is answered for any more', 20],
  ])('end the run %s', async (_, from) => {
    const { slice } = world(scriptedConnect(500, denied(...range(from, 500))));
    await expect(slice({}, {}, { allowedFailedUsers: 100 })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'nobody may be read',
    });
  });

  it('end the run where the others fail otherwise', async () => {
    const connect = scriptedConnect(3, { ...denied(1), [userId(0)]: 'failing' });
    connect.answers.set(userId(2), 'failing');
    const { slice } = world(connect);
    await expect(slice()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('a run that is forbidden altogether', () => {
  it('leaves no trace', async () => {
    const connect = scriptedConnect(2);
    const forbidden = {
      ...connect,
      // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
      async *listUsers(): AsyncGenerator<never> {
        throw new ExportFailure('AccessDenied', 'allow connect:ListUsers');
      },
    };
    const { slice, store } = world(connect);
    await expect(slice({}, { connect: forbidden })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect([...store.objects.keys()]).toEqual([]);
  });
});

describe('a listing without an end', () => {
  it('is given up on where page after page lists nobody else', async () => {
    const connect = scriptedConnect(2);
    let pages = 0;
    const endless = {
      ...connect,
      async *listUsers() {
        for (;;) {
          pages++;
          yield connect.users;
        }
      },
    };
    await expect(world(connect).slice({}, { connect: endless })).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/no other user on 1000 pages in a row after the first 2,/),
    });
    expect(pages).toBeLessThan(1010);
  });

  it('is none where empty pages lie between others', async () => {
    const connect = scriptedConnect(2);
    const sparse = {
      ...connect,
      async *listUsers() {
        for (const user of connect.users) {
          for (let page = 0; page < 900; page++) yield [];
          yield [user];
        }
      },
    };
    const { slice } = world(connect);
    expect(await slice({}, { connect: sparse })).toMatchObject({ status: 'PUBLISHED' });
  });
});

describe('a listing that the deadline cuts off', () => {
  it('is worth another try', async () => {
    const connect = scriptedConnect(2);
    const cut = new AbortController();
    const slow = {
      ...connect,
      // biome-ignore lint/correctness/useYield: it is aborted before there is anything to yield
      async *listUsers(_id: string, signal: AbortSignal): AsyncGenerator<never> {
        cut.abort();
        signal.throwIfAborted();
      },
    };
    const deadline = { ...unlimited(), signal: cut.signal };
    await expect(world(connect).slice({}, { connect: slow, deadline })).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
  });
});

describe('runs that meet', () => {
  it('skips a second run, and says which one is at work and how far it is', async () => {
    const { slice, connect } = world(scriptedConnect(10));
    const first = await slice(
      { executionName: 'one' },
      { deadline: until(() => connect.asked.length >= 5) },
    );
    expect(await slice({ executionName: 'two' })).toMatchObject({
      status: 'SKIPPED',
      runId: first.runId,
      usersDone: 5,
      percent: 50,
      retryAfterSeconds: LEASE_SECONDS,
      reason: expect.stringContaining(first.runId),
    });
  });

  it('takes over when the lease has expired', async () => {
    const { slice, connect, pass } = world(scriptedConnect(10));
    await slice({ executionName: 'one' }, { deadline: until(() => connect.asked.length >= 5) });
    pass(LEASE_SECONDS + 1);
    expect(await slice({ executionName: 'two' })).toMatchObject({ status: 'PUBLISHED' });
  });

  it('respects a lease written by a clock that is a little ahead', async () => {
    const { slice, connect, pass } = world(scriptedConnect(10));
    pass(2);
    await slice({ executionName: 'one' }, { deadline: until(() => connect.asked.length >= 5) });
    pass(-2);
    expect(await slice({ executionName: 'two' })).toMatchObject({ status: 'SKIPPED' });
  });

  it('takes over a lease from a future that no clock could have meant', async () => {
    const { slice, connect, pass } = world(scriptedConnect(10));
    pass(86_400);
    await slice({ executionName: 'one' }, { deadline: until(() => connect.asked.length >= 5) });
    pass(-86_400);
    expect(await slice({ executionName: 'two' })).toMatchObject({ status: 'PUBLISHED' });
  });

  it('lets the same scheduled event publish once', async () => {
    const { slice, connect } = world(scriptedConnect(10));
    const event = { scheduledTime: '2026-11-23T02:00:00Z' };
    const first = await slice({ ...event, executionName: 'one' });
    expect(await slice({ ...event, executionName: 'two' })).toMatchObject({
      status: 'ALREADY_PUBLISHED',
      runId: first.runId,
    });
    expect(connect.asked).toHaveLength(10);
  });

  it('replaces the snapshot of the same date by a later run', async () => {
    const { slice, connect, rows, pass } = world(scriptedConnect(2));
    await slice({ executionName: 'one' });
    pass(3600);
    connect.answers.set(userId(0), 'deleted');
    expect(await slice({ executionName: 'two' })).toMatchObject({ status: 'PUBLISHED' });
    expect(await rows()).toHaveLength(1);
  });

  it('never lets an older run replace a newer one', async () => {
    const { slice, connect, pass, rows, now } = world(scriptedConnect(10));
    const started = now().toISOString();
    const event = { executionName: 'old', executionStartTime: started };
    const old = await slice(event, { deadline: until(() => connect.asked.length >= 5) });
    pass(LEASE_SECONDS + 1);
    const newer = await slice({ executionName: 'new' });
    expect(await slice({ runId: old.runId })).toMatchObject({
      status: 'SUPERSEDED',
      runId: old.runId,
      reason: expect.stringContaining(newer.runId),
    });
    expect((await rows()).every((row) => row.run_id === newer.runId)).toBe(true);
  });

  it('lets exactly one of two workers that start at the same instant work', async () => {
    const { slice, connect } = world(scriptedConnect(10));
    const results = await Promise.all([
      slice({ executionName: 'one' }),
      slice({ executionName: 'two' }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['PUBLISHED', 'SKIPPED']);
    expect(connect.asked).toHaveLength(10);
  });

  it('lets the faster of two workers of one run go on for hours', async () => {
    const { slice, connect, pass, now, rows } = world(scriptedConnect(30));
    const event = { executionName: 'one' };
    const clock = () => {
      pass(20);
      return now();
    };
    const results = await Promise.all([slice(event, { clock }), slice(event, { clock })]);
    expect(results.map(({ status }) => status)).toContain('PUBLISHED');
    expect(await rows()).toHaveLength(30);
    expect(connect.asked.length).toBeLessThanOrEqual(60);
    pass(60);
    expect(await slice({ executionName: 'two' })).toMatchObject({ status: 'PUBLISHED' });
  });

  it('stops the slower of two workers of one run without harm', async () => {
    const { slice, connect, rows } = world(scriptedConnect(10));
    const event = { executionName: 'one' };
    const results = await Promise.all([slice(event), slice(event)]);
    expect(results.map(({ status }) => status)).toContain('PUBLISHED');
    expect(await rows()).toHaveLength(10);
    expect(new Set((await rows()).map((row) => row.user_id)).size).toBe(10);
    expect(connect.asked.length).toBeLessThanOrEqual(20);
  });
});
