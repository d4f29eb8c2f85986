import * as z from 'zod/mini';
import { ExportFailure } from '../../contract/failure.ts';
import { MANIFESTS_PREFIX } from '../../contract/keys.ts';
import { IN_WORDS } from '../../contract/parse.ts';
import {
  type Condition,
  type ObjectInfo,
  PreconditionFailed,
  type Store,
  type StoredObject,
} from '../ports.ts';

/** A small JSON object in the store, and the etag to replace it by. */
export interface Document<T> {
  readonly value: T;
  readonly info: ObjectInfo;
}

/** What outlives a run must be put in order by hand; a run's own files can be left behind. */
const remedyFor = (key: string): string =>
  key.startsWith(MANIFESTS_PREFIX) || key.endsWith('/lease.json')
    ? 'restore its previous version, or delete it'
    : 'restore it, or start a new run';

/** A file is not what this software wrote. */
export const damaged = (store: Store, key: string, why: string, cause?: unknown): ExportFailure =>
  new ExportFailure('DamagedRun', `${store.uri(key)} is damaged: ${why}; ${remedyFor(key)}.`, {
    cause,
  });

const encode = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);

export async function readBytes(object: StoredObject): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Gives up an object of which nothing has been read: its connection or file is let go. */
export async function leaveUnread(object: StoredObject | undefined): Promise<void> {
  await object?.body[Symbol.asyncIterator]().return?.();
}

/** What a text says as JSON; `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Takes a value as what the schema says it is. @throws ExportFailure DamagedRun */
export function accept<T>(
  store: Store,
  key: string,
  schema: z.core.$ZodType<T>,
  value: unknown,
): T {
  const parsed = z.safeParse(schema, value, IN_WORDS);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the whole file';
  throw damaged(store, key, `${where}: ${issue?.message}`, parsed.error);
}

/**
 * Reads a JSON object.
 *
 * @throws ExportFailure DamagedRun where it is not what this software writes
 */
export async function getDocument<T>(
  store: Store,
  key: string,
  schema: z.core.$ZodType<T>,
): Promise<Document<T> | undefined> {
  const object = await store.get(key);
  if (!object) return undefined;
  const value = parseJson((await readBytes(object)).toString('utf8'));
  return { value: accept(store, key, schema, value), info: object };
}

async function ownEarlierWrite(
  store: Store,
  key: string,
  bytes: Uint8Array,
): Promise<ObjectInfo | undefined> {
  const there = await store.get(key);
  return there && (await readBytes(there)).equals(bytes) ? there : undefined;
}

/**
 * Writes an object whose content nobody else would write, so that a refusal can be told from the
 * echo of one's own write whose answer was lost.
 *
 * @throws PreconditionFailed where the condition does not hold because of somebody else
 */
export async function putOwn(
  store: Store,
  key: string,
  bytes: Uint8Array,
  condition: Condition,
): Promise<ObjectInfo> {
  try {
    return await store.put(key, bytes, condition);
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    const own = await ownEarlierWrite(store, key, bytes);
    if (own) return own;
    throw error;
  }
}

/** Writes a JSON object, one line; see `putOwn`. */
export const putDocument = (
  store: Store,
  key: string,
  value: unknown,
  condition: Condition,
): Promise<ObjectInfo> => putOwn(store, key, encode(value), condition);

/** The condition that a document has not changed since it was read, or is still missing. */
export const unchanged = (info: ObjectInfo | undefined): Condition =>
  info ? { ifMatch: info.etag } : { ifNoneMatch: '*' };
