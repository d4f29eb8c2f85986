import { isNativeError } from 'node:util/types';
import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import type { StoredObject } from '../ports.ts';
import { fromLine, gunzipLines } from './ndjson.ts';

/** Whether reading failed because something else is there than lines that this software wrote, such as a text without compression. */
export const isForeign = (error: unknown): boolean =>
  error instanceof $ZodError ||
  (isNativeError(error) &&
    (error.name === 'SyntaxError' ||
      error.name === 'TypeError' ||
      ('code' in error && String(error.code).startsWith('Z_'))));

/** What the first line of a gzip NDJSON object says; `undefined` where there is none, or it says something else. */
export async function firstLine<T>(
  { body }: StoredObject,
  schema: z.ZodMiniType<T>,
): Promise<T | undefined> {
  try {
    for await (const line of gunzipLines(body)) return z.safeParse(schema, fromLine(line)).data;
  } catch (error) {
    if (!isForeign(error)) throw error;
  }
  return undefined;
}
