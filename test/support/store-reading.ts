import { PreconditionFailed, type Store } from '../../export/ports.ts';
import { text } from './bodies.ts';

/** The content of an object as text. */
export async function textOf(store: Store, key: string): Promise<string> {
  const found = await store.get(key);
  if (!found) throw new Error(`There is no object ${key}.`);
  return text(found.body);
}

/** What is known of an object without reading it. */
export async function infoOf(store: Store, key: string): Promise<{ etag: string; bytes: number }> {
  const found = await store.get(key);
  if (!found) throw new Error(`There is no object ${key}.`);
  await found.body[Symbol.asyncIterator]().return?.();
  return { etag: found.etag, bytes: found.bytes };
}

/** The keys that begin with a prefix, sorted. */
export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** Adds one, so many times over, beginning anew whenever another writer was there first. */
export async function increment(store: Store, key: string, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const found = await store.get(key);
    if (!found) throw new Error(`The counter ${key} is gone.`);
    const next = Number(await text(found.body)) + 1;
    try {
      await store.put(key, Buffer.from(String(next)), { ifMatch: found.etag });
      done += 1;
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }
}
