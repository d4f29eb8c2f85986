import { createHash } from 'node:crypto';
import {
  type Body,
  type Condition,
  PreconditionFailed,
  type Store,
  type StoredObject,
} from '../../export/ports.ts';

/** Bodies are handed out in pieces of this size, in bytes: a reader must not rely on getting one. */
const CHUNK_BYTES = 64 * 1024;

/** A store that lasts as long as the test, with its objects open to view. */
export interface MemoryStore extends Store {
  /** What is stored at this moment, by key; a test may change it. */
  readonly objects: Map<string, Uint8Array>;
}

/** An empty store with real conditional writes: the condition is checked when the body has been read to its end. */
export function memoryStore(): MemoryStore {
  const objects = new Map<string, Uint8Array>();

  return {
    objects,

    async get(key): Promise<StoredObject | undefined> {
      const bytes = objects.get(key);
      return bytes && { etag: etagOf(bytes), bytes: bytes.length, body: chunksOf(bytes) };
    },

    async put(key, body, condition) {
      const bytes = await read(body);
      if (!holds(condition, objects.get(key))) throw new PreconditionFailed(key);
      objects.set(key, bytes);
      return { etag: etagOf(bytes) };
    },

    async copy(source, key, condition) {
      const bytes = objects.get(source.key);
      if (!bytes || etagOf(bytes) !== source.etag || !holds(condition, objects.get(key))) {
        throw new PreconditionFailed(key);
      }
      objects.set(key, bytes.slice());
      return { etag: source.etag };
    },

    async *list(prefix) {
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix));
    },

    uri: (key) => `memory://${key}`,
  };
}

const etagOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function read(body: Body): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body.slice();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body()) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

function holds(condition: Condition | undefined, present: Uint8Array | undefined): boolean {
  if (!condition) return true;
  if ('ifNoneMatch' in condition) return !present;
  return present !== undefined && etagOf(present) === condition.ifMatch;
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}
