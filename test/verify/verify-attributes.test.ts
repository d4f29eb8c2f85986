import { gunzipSync, gzipSync } from 'node:zlib';
import { attributesKey } from '../../contract/keys.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { verifyAttributes } from '../../verify/verify-attributes.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { scriptedConnect } from '../support/scripted-connect.ts';
import { INSTANCE, world } from '../support/world.ts';

const PARTITION = { instanceId: INSTANCE, snapshotDate: '2026-11-23' };
const KEY = attributesKey(INSTANCE, PARTITION.snapshotDate);

interface Published {
  readonly store: MemoryStore;
  manifest: Manifest;
}

/** A snapshot with two values of an attribute. */
async function published(): Promise<Published> {
  const store = memoryStore();
  const w = world(scriptedConnect(1), store);
  await w.slice();
  const [manifest] = w.published;
  if (!manifest) throw new Error('Nothing was published.');
  return { store, manifest };
}

const problemsOf = ({ store, manifest }: Published): Promise<string[]> =>
  verifyAttributes(store, PARTITION, manifest);

const bytesIn = (store: MemoryStore): Buffer => Buffer.from(store.objects.get(KEY) ?? []);

it('finds nothing wrong with what was published', async () => {
  expect(await problemsOf(await published())).toEqual([]);
});

it.each<[string, (one: Published) => unknown, RegExp[]]>([
  [
    'a byte appended',
    ({ store }) => store.put(KEY, Buffer.concat([bytesIn(store), Buffer.of(0)])),
    [/^size in bytes of the predefined attributes is \d+, but the manifest says \d+$/],
  ],
  [
    'a line taken away',
    ({ store }) =>
      store.put(KEY, gzipSync(`${gunzipSync(bytesIn(store)).toString().split('\n')[0]}\n`)),
    [/^size in bytes/, /^number of predefined attributes is 1, but .* 2$/, /^SHA-256/],
  ],
  [
    'those of another run',
    (one) => {
      one.manifest = { ...one.manifest, run_id: '20261123T020000Z-00000000' };
    },
    [/^2 predefined attributes are of another run, date or instance$/],
  ],
  [
    'no gzip',
    ({ store }) => store.put(KEY, Buffer.from('{}')),
    [/^the predefined attributes cannot be read as gzip NDJSON \(.+\)$/],
  ],
  [
    'a line of something else, and names the field',
    ({ store }) => {
      const attribute = JSON.parse(gunzipSync(bytesIn(store)).toString().split('\n')[0] ?? '');
      return store.put(KEY, gzipSync(`${JSON.stringify({ ...attribute, purposes: null })}\n`));
    },
    [
      /^the predefined attributes cannot be read as gzip NDJSON \(A line: field "purposes" is null; expected array\.\)$/,
    ],
  ],
  [
    'another key in the manifest',
    ({ manifest }) => {
      const object = manifest.predefined_attributes?.object;
      if (object) object.key = 'elsewhere';
    },
    [/^the key of the predefined attributes is attributes\/.*, but the manifest says elsewhere$/],
  ],
  [
    'none at all',
    ({ store }) => store.objects.delete(KEY),
    [/^the predefined attributes are missing$/],
  ],
  [
    'some of which the manifest does not know',
    (one) => {
      const { predefined_attributes: _, ...earlier } = one.manifest;
      one.manifest = earlier;
    },
    [/^there are predefined attributes of which the manifest does not know$/],
  ],
])('finds %s', async (_, spoil, expected) => {
  const one = await published();
  await spoil(one);
  expect(await problemsOf(one)).toEqual(expected.map((text) => expect.stringMatching(text)));
});

it('takes a snapshot of an earlier version, which has none', async () => {
  const one = await published();
  const { predefined_attributes: _, ...manifest } = one.manifest;
  one.store.objects.delete(KEY);
  expect(await problemsOf({ ...one, manifest })).toEqual([]);
});
