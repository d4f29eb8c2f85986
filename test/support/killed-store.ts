import type { Store } from '../../export/ports.ts';

/** The worker is dead: nothing it does from now on has an effect. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface Mortality {
  /** The operation, counted from 1, at which the worker dies. */
  readonly at: number;
  /** Whether that operation still takes effect; its answer is lost either way. */
  readonly after: boolean;
}

/** A store as a worker sees it that is killed at one of its operations. */
export function killedStore(
  store: Store,
  { at, after }: Mortality,
): Store & { operations(): number } {
  let operations = 0;
  async function mortal<T>(operation: () => Promise<T>): Promise<T> {
    operations++;
    if (operations > at || (operations === at && !after)) throw new Killed();
    const result = await operation();
    if (operations >= at) throw new Killed();
    return result;
  }
  return {
    operations: () => operations,
    get: (key) => mortal(() => store.get(key)),
    put: (key, body, condition) => mortal(() => store.put(key, body, condition)),
    copy: (source, key, condition) => mortal(() => store.copy(source, key, condition)),
    list: (prefix) => store.list(prefix),
    uri: (key) => store.uri(key),
  };
}
