import { createHash } from 'node:crypto';
import type { Body } from '../../export/ports.ts';

const KIB = 1024;

/** A body of so many bytes that is never in memory as a whole, and its SHA-256. */
export function pattern(bytes: number): { body: Body; sha256: string } {
  const chunk = (index: number, size: number): Uint8Array => Buffer.alloc(size, `chunk ${index}, `);
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let start = 0, index = 0; start < bytes; start += 100 * KIB, index += 1) {
      yield chunk(index, Math.min(100 * KIB, bytes - start));
      yield new Uint8Array(0);
    }
  }
  const hash = createHash('sha256');
  for (let start = 0, index = 0; start < bytes; start += 100 * KIB, index += 1) {
    hash.update(chunk(index, Math.min(100 * KIB, bytes - start)));
  }
  return { body, sha256: hash.digest('hex') };
}

/** A body whose source breaks after so many bytes. */
export function failingAfter(bytes: number): Body {
  return async function* () {
    for (let sent = 0; sent < bytes; sent += 10 * KIB) yield Buffer.alloc(10 * KIB, 'x');
    throw new Error('the source broke');
  };
}

/** A body as text. */
export async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The SHA-256 of a body, in hex. */
export async function sha256Of(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}
