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
  for await (const lines of linesTogether(gunzip(chunks))) yield* lines;
}

/** The lines of a text, as many at a time as arrive together: to wait for each line would cost more than most of what is done with it. */
export async function* linesTogether(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const text of decoded(bytes)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}

/** A part of a string keeps the whole string in memory, and a line all lines that came together with it: of what is kept, this is a copy. */
export const ownText = (part: string): string => Buffer.from(part).toString();

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const some of bytes) yield decoder.decode(some, { stream: true });
  yield decoder.decode();
}

/** With the 16 KB of Node.js, handing them on takes longer than to unzip them. */
const CHUNK_BYTES = 64 * 1024;

/** The content of a gzip file. */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const feeding = pipeline(chunks, unzip);
  // A failing source destroys the stream, and so reaches the reader below.
  feeding.catch(() => undefined);
  try {
    yield* unzip;
  } finally {
    unzip.destroy();
  }
}

/**
 * The content of a gzip file.
 *
 * @param atEnd is told the SHA-256 of all of it, in hex
 */
export async function* gunzipHashed(
  chunks: AsyncIterable<Uint8Array>,
  atEnd: (sha256: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const bytes of gunzip(chunks)) {
    hash.update(bytes);
    yield bytes;
  }
  atEnd(hash.digest('hex'));
}
