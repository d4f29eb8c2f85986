import type { AttributeLine } from '../../../contract/attribute.ts';
import { attributeSchema } from '../../../contract/attribute.ts';
import {
  attributesKey,
  manifestKey,
  plannedAttributesKey,
  snapshotKey,
} from '../../../contract/keys.ts';
import { gunzipLines, sha256, toLine } from '../../../export/files/ndjson.ts';
import { ExtraFailure, type Store } from '../../../export/ports.ts';
import { Killed } from '../../support/killed-store.ts';
import { ATTRIBUTE, scriptedConnect } from '../../support/scripted-connect.ts';
import { INSTANCE, until, type World, world } from '../../support/world.ts';

const DATE = '2026-11-23';
const KEY = attributesKey(INSTANCE, DATE);
const SNAPSHOT = snapshotKey(INSTANCE, DATE);

async function lines(w: World): Promise<AttributeLine[]> {
  const object = await w.store.get(KEY);
  const found: AttributeLine[] = [];
  if (object) {
    for await (const line of gunzipLines(object.body)) {
      found.push(attributeSchema.parse(JSON.parse(line)));
    }
  }
  return found;
}

const said = (w: World) => w.published.at(-1)?.predefined_attributes;

/** Manifest and object are of the same run, or the manifest says that there is none. */
async function belongTogether(w: World): Promise<boolean> {
  const all = await lines(w);
  const manifest = JSON.parse(
    Buffer.from(w.store.objects.get(manifestKey(INSTANCE, DATE)) ?? []).toString(),
  );
  const object = await w.store.get(KEY);
  const described = manifest.predefined_attributes.object;
  return (
    (described?.etag ?? undefined) === object?.etag &&
    all.every((line) => line.run_id === manifest.run_id)
  );
}

it('publishes a line for each attribute and value, by name and value', async () => {
  const connect = scriptedConnect(1);
  connect.extras.attributes.pages = [
    [{ name: 'Skill', values: ['b', 'a', 'b'], purposes: [] }],
    [ATTRIBUTE, { name: 'Empty', values: [], purposes: ['x'] }],
    [{ name: 'Skill', values: ['c', 'a'], purposes: ['y', 'x', 'y'] }],
  ];
  const w = world(connect);
  const { runId } = await w.slice();
  const common = { instance_id: INSTANCE, snapshot_date: DATE };
  const language = {
    ...common,
    attribute_name: 'Language',
    purposes: ['Routing'],
    modified_at: '2026-11-01T00:00:00.000Z',
    run_id: runId,
  };
  const skill = {
    ...common,
    attribute_name: 'Skill',
    purposes: ['x', 'y'],
    modified_at: null,
    run_id: runId,
  };
  const expected = [
    { ...skill, attribute_name: 'Empty', attribute_value: null, purposes: ['x'] },
    { ...language, attribute_value: 'French' },
    { ...language, attribute_value: 'German' },
    { ...skill, attribute_value: 'a' },
    { ...skill, attribute_value: 'c' },
  ];
  expect(await lines(w)).toEqual(expected);
  const object = await w.store.get(KEY);
  const texts: string[] = [];
  if (object) for await (const line of gunzipLines(object.body)) texts.push(`${line}\n`);
  expect(said(w)).toEqual({
    status: 'complete',
    reason: null,
    object: {
      key: KEY,
      rows: 5,
      bytes: object?.bytes,
      etag: object?.etag,
      sha256: sha256(Buffer.from(texts.join(''))),
      version_id: null,
    },
  });
  expect(texts.map((text) => toLine(JSON.parse(text)))).toEqual(texts);
});

it('half a list is none: the object is empty, and the manifest and the observer say why', async () => {
  const connect = scriptedConnect(1);
  connect.extras.attributes.pages = [[ATTRIBUTE], new ExtraFailure('Denied.')];
  const w = world(connect);
  expect(await w.slice()).toMatchObject({ status: 'PUBLISHED' });
  expect(await lines(w)).toEqual([]);
  expect(said(w)).toMatchObject({ status: 'none', reason: 'Denied.', object: { rows: 0 } });
  expect(w.missing).toEqual([
    { instanceId: INSTANCE, what: 'predefined attributes', reason: 'Denied.' },
  ]);
});

it('switched off, nothing is written', async () => {
  const w = world(scriptedConnect(1));
  await w.slice({}, {}, { includePredefinedAttributes: false });
  expect(said(w)).toEqual({ status: 'off', reason: null, object: null });
  expect(w.store.objects.has(KEY)).toBe(false);
});

it('switched off between two runs of a date, none of the earlier stand beside the later', async () => {
  const w = world(scriptedConnect(1));
  await w.slice({ executionName: 'one' });
  w.pass(60);
  await w.slice({ executionName: 'two' }, {}, { includePredefinedAttributes: false });
  expect(await lines(w)).toEqual([]);
  expect(said(w)).toMatchObject({ status: 'off', object: { rows: 0 } });
  expect(await belongTogether(w)).toBe(true);
});

it('are as they were when the plan was made', async () => {
  const w = world(scriptedConnect(4));
  const { runId } = await w.slice({}, { deadline: until(() => w.connect.asked.length >= 2) });
  w.connect.extras.attributes.pages = [];
  await w.slice({ runId });
  expect((await lines(w)).map((line) => line.attribute_value)).toEqual(['French', 'German']);
});

it('a list that is lost meanwhile costs no snapshot', async () => {
  const w = world(scriptedConnect(4));
  const { runId } = await w.slice({}, { deadline: until(() => w.connect.asked.length >= 2) });
  w.store.objects.delete(plannedAttributesKey(INSTANCE, runId, 'worker-1'));
  expect(await w.slice({ runId })).toMatchObject({ status: 'PUBLISHED' });
  expect(said(w)).toMatchObject({
    status: 'none',
    reason: 'The list that this run had read is no longer among its working files.',
  });
});

it('belong to the manifest after a kill between the two', async () => {
  const w = world(scriptedConnect(1));
  const dying: Store = {
    ...w.store,
    async put(key, body, condition) {
      const info = await w.store.put(key, body, condition);
      if (key === KEY) throw new Killed();
      return info;
    },
  };
  await expect(w.slice({ executionName: 'one' }, { store: dying })).rejects.toThrow(Killed);
  expect(await w.slice({ executionName: 'one' })).toMatchObject({ status: 'PUBLISHED' });
  expect(await belongTogether(w)).toBe(true);
});

it.each([
  ['before its attributes are written', KEY, 'before', 'has attributes', [[ATTRIBUTE]]],
  ['before its attributes are written', KEY, 'before', 'has none', [new ExtraFailure('Denied.')]],
  ['once its snapshot is written', SNAPSHOT, 'after', 'has attributes', [[ATTRIBUTE]]],
  ['once its snapshot is written', SNAPSHOT, 'after', 'has none', [new ExtraFailure('Denied.')]],
])(
  'an older run that a newer one overtakes %s leaves none (%s, %s): the newer one %s',
  async (_, at, moment, _has, pages) => {
    const w = world(scriptedConnect(1));
    let overtaken = false;
    const overtake = async (): Promise<void> => {
      if (overtaken) return;
      overtaken = true;
      w.connect.extras.attributes.pages = pages;
      w.pass(3600);
      expect(await w.slice({ executionName: 'new' })).toMatchObject({ status: 'PUBLISHED' });
    };
    const slow: Store = {
      ...w.store,
      async put(key, body, condition) {
        if (key === at && moment === 'before') await overtake();
        const info = await w.store.put(key, body, condition);
        if (key === at && moment === 'after') await overtake();
        return info;
      },
    };
    expect(await w.slice({ executionName: 'old' }, { store: slow })).toMatchObject({
      status: 'SUPERSEDED',
    });
    expect(overtaken).toBe(true);
    expect(await belongTogether(w)).toBe(true);
  },
);
