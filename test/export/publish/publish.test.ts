import { manifestKey, partKey, snapshotKey } from '../../../contract/keys.ts';
import { manifestSchema } from '../../../contract/manifest.ts';
import { getDocument } from '../../../export/files/json.ts';
import { gzipLines } from '../../../export/files/ndjson.ts';
import type { Store } from '../../../export/ports.ts';
import { Killed, killedStore } from '../../support/killed-store.ts';
import { scriptedConnect, userId } from '../../support/scripted-connect.ts';
import { INSTANCE, until, type World, world } from '../../support/world.ts';

const DATE = '2026-11-23';
const SNAPSHOT = snapshotKey(INSTANCE, DATE);

/** Dies at the writing of the manifest: the snapshot is new, the manifest is not. */
const diesBeforeManifest = (store: Store): Store => ({
  ...store,
  async put(key, body, condition) {
    if (key === manifestKey(INSTANCE, DATE)) throw new Killed();
    return store.put(key, body, condition);
  },
});

/** Dies right after the writing of the manifest: everything is visible, and nobody has been told. */
const diesAfterManifest = (store: Store): Store => ({
  ...store,
  async put(key, body, condition) {
    const info = await store.put(key, body, condition);
    if (key === manifestKey(INSTANCE, DATE)) throw new Killed();
    return info;
  },
});

const publishedRun = async (w: World) => (await w.rows(DATE))[0]?.run_id;

it('repairs a run that was cut off between snapshot and manifest', async () => {
  const w = world(scriptedConnect(3));
  const event = { executionName: 'one' };
  await expect(w.slice(event, { store: diesBeforeManifest(w.store) })).rejects.toThrow(Killed);
  expect(w.store.objects.has(SNAPSHOT)).toBe(true);
  const { status, runId } = await w.slice(event);
  expect([status, await publishedRun(w)]).toEqual(['PUBLISHED', runId]);
  expect(w.connect.asked).toHaveLength(3);
});

it('tells of a publication that the worker who made it could not tell of', async () => {
  const w = world(scriptedConnect(3));
  const event = { executionName: 'one' };
  await expect(w.slice(event, { store: diesAfterManifest(w.store) })).rejects.toThrow(Killed);
  expect(w.published).toEqual([]);
  const { status, runId } = await w.slice(event);
  expect(status).toBe('ALREADY_PUBLISHED');
  expect(w.published).toMatchObject([{ run_id: runId, users_exported: 3 }]);
});

it.each([
  ['cron(0 2 ? * MON-FRI *)', '2026-11-24'],
  ['rate(7 days)', '2026-11-30'],
  ['cron(0 2 * * ? 2025)', 'none'],
  [undefined, 'none'],
])('says when the next snapshot is due by %s', async (schedule, next_due) => {
  const w = world(scriptedConnect(1));
  await w.slice({ scheduledTime: '2026-11-23T02:00:00Z' }, {}, { schedule });
  expect(w.published).toMatchObject([{ next_due }]);
});

it('does not let an older run replace a newer one that was cut off before its manifest', async () => {
  const w = world(scriptedConnect(3));
  const old = await w.slice(
    { executionName: 'old' },
    { deadline: until(() => w.connect.asked.length >= 1) },
  );
  w.pass(3600);
  const cut = w.slice({ executionName: 'new' }, { store: diesBeforeManifest(w.store) });
  await expect(cut).rejects.toThrow(Killed);
  w.pass(3600);
  const { status, reason } = await w.slice({ runId: old.runId });
  expect([status, reason]).toEqual([
    'SUPERSEDED',
    expect.stringContaining(String(await publishedRun(w))),
  ]);
});

it('publishes once where another worker of the run was faster, and tells of it too, by the same moment', async () => {
  const w = world(scriptedConnect(3));
  const event = { executionName: 'one' };
  const overtaken: Store = {
    ...w.store,
    async put(key, body, condition) {
      if (key === SNAPSHOT) {
        await w.slice(event);
        w.pass(60);
      }
      return w.store.put(key, body, condition);
    },
  };
  expect(await w.slice(event, { store: overtaken })).toMatchObject({ status: 'ALREADY_PUBLISHED' });
  const [first, ...others] = w.published;
  expect(others).toEqual([first]);
  const manifest = await getDocument(w.store, manifestKey(INSTANCE, DATE), manifestSchema);
  expect(manifest?.value).toEqual(first);
});

it('takes a lost answer to its own conditional write for what it is', async () => {
  const w = world(scriptedConnect(3));
  const lost = new Set<string>();
  /** Every first write takes effect and loses its answer; the client tries again, and is refused. */
  const deaf: Store = {
    ...w.store,
    async put(key, body, condition) {
      if (!lost.has(key)) {
        lost.add(key);
        await w.store.put(key, body, condition);
      }
      return w.store.put(key, body, condition);
    },
  };
  expect(await w.slice({}, { store: deaf })).toMatchObject({ status: 'PUBLISHED' });
  expect(await w.rows(DATE)).toHaveLength(3);
});

it('publishes nothing where a part is not what was written', async () => {
  const w = world(scriptedConnect(3));
  const { runId } = await w.slice({}, { deadline: until(() => w.connect.asked.length >= 2) });
  const key = partKey(INSTANCE, runId, 0);
  await w.store.put(key, await gzipLines(['{"forged":true}\n']));
  await expect(w.slice({ runId })).rejects.toMatchObject({
    name: 'DamagedRun',
    message: expect.stringContaining(`${key} is damaged: its SHA-256 is not the one recorded`),
  });
  expect(w.store.objects.has(SNAPSHOT)).toBe(false);
});

it('publishes nothing where a part is missing', async () => {
  const w = world(scriptedConnect(3));
  const { runId } = await w.slice({}, { deadline: until(() => w.connect.asked.length >= 2) });
  w.store.objects.delete(partKey(INSTANCE, runId, 0));
  await expect(w.slice({ runId })).rejects.toMatchObject({ name: 'DamagedRun' });
  expect(w.store.objects.has(SNAPSHOT)).toBe(false);
});

it('replaces what somebody else left under its key', async () => {
  const w = world(scriptedConnect(2));
  await w.store.put(SNAPSHOT, Buffer.from('not gzip at all'));
  expect(await w.slice()).toMatchObject({ status: 'PUBLISHED' });
  expect((await w.rows(DATE)).map((row) => row.user_id)).toEqual([userId(0), userId(1)]);
});

it('releases the lease of a worker that died after publishing', async () => {
  const w = world(scriptedConnect(2));
  const counting = killedStore(w.store, { at: Number.POSITIVE_INFINITY, after: true });
  await world(scriptedConnect(2)).slice({ executionName: 'one' }, { store: counting });
  const fresh = world(scriptedConnect(2));
  const dying = killedStore(fresh.store, { at: counting.operations() - 1, after: true });
  await expect(fresh.slice({ executionName: 'one' }, { store: dying })).rejects.toThrow(Killed);
  expect(await fresh.slice({ executionName: 'one' })).toMatchObject({
    status: 'ALREADY_PUBLISHED',
  });
  fresh.pass(60);
  expect(await fresh.slice({ executionName: 'two' })).toMatchObject({ status: 'PUBLISHED' });
});
