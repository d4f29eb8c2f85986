import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';

const compress = promisify(gzip);

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** One JSON value on one line; U+2028 and U+2029 are escaped, since some readers break lines at them. */
export const toLine = (value: unknown): string =>
  `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;

/** The value on a line. @throws without quoting it, as JSON.parse would: it may be a user's data */
export function fromLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new SyntaxError('A line is not JSON.');
  }
}

/** Lines as one closed gzip member; members written one after the other are one valid file. */
export const gzipLines = (lines: readonly string[]): Promise<Buffer> =>
  compress(Buffer.from(lines.join('')));

/** The lines of a gzip file, one at a time. */
export async function* gunzipLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of gunzipText(chunks)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function* gunzipText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of gunzip(chunks)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  const feeding = pipeline(chunks, unzip);
  // A failing source destroys the stream, and so reaches the reader below.
  feeding.catch(() => undefined);
  try {
    yield* unzip;
  } finally {
    unzip.destroy();
  }
}
