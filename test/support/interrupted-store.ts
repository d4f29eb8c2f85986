import type { Store } from '../../export/ports.ts';

/** A store before one of whose operations, counted from 1, something else happens. */
export function interruptedStore(store: Store, at: number, meanwhile: () => Promise<void>) {
  let operations = 0;
  async function counted<T>(operation: () => Promise<T>): Promise<T> {
    operations++;
    if (operations === at) await meanwhile();
    return operation();
  }
  const seen: Store = {
    ...store,
    get: (key) => counted(() => store.get(key)),
    put: (key, body, condition) => counted(() => store.put(key, body, condition)),
    copy: (source, key, condition) => counted(() => store.copy(source, key, condition)),
  };
  return { store: seen, wasReached: () => operations >= at };
}
