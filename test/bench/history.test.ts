import { publishHistory } from '../../bench/history.ts';
import { manifestSchema } from '../../contract/manifest.ts';
import { rowSchema } from '../../contract/row.ts';
import { publishedDates, snapshotReader } from '../../derive/published.ts';
import { memoryStore } from '../support/memory-store.ts';
import { textOf } from '../support/store-reading.ts';

const USERS = 1_000;

describe('the snapshots that a bench publishes', () => {
  it('are what their manifests describe, and differ in two percent of the users', async () => {
    const store = memoryStore();
    const { instanceId, changedUsers } = await publishHistory(store, USERS, 2);
    const dates = await publishedDates(store, instanceId);
    expect(dates).toHaveLength(2);
    const known = new Map<string, Set<string>>();
    for (const key of [...store.objects.keys()].filter((one) => one.startsWith('manifests/'))) {
      const manifest = manifestSchema.parse(JSON.parse(await textOf(store, key)));
      let proficiencies = 0;
      let without = 0;
      for await (const { line } of snapshotReader(store, manifest)()) {
        const row = rowSchema.parse(JSON.parse(line));
        expect(row.snapshot_date).toBe(manifest.snapshot_date);
        proficiencies += row.proficiency_count;
        if (row.proficiency_count === 0) without += 1;
        const told = JSON.stringify([row.username, row.proficiencies]);
        known.set(row.user_id, new Set([...(known.get(row.user_id) ?? []), told]));
      }
      expect(manifest).toMatchObject({ proficiencies, users_without_proficiencies: without });
    }
    expect(known.size).toBeGreaterThan(USERS);
    const [changed, all] = [[...known.values()].filter(({ size }) => size > 1).length, known.size];
    // The others of them were created or deleted.
    expect(changed).toBeLessThan(changedUsers);
    expect(changedUsers / all).toBeCloseTo(0.02, 2);
  });

  it('are the same every time', async () => {
    const stores = [memoryStore(), memoryStore()] as const;
    for (const store of stores) await publishHistory(store, 50, 3);
    expect(stores[0].objects).toEqual(stores[1].objects);
  });
});
