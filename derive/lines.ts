import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** Lines are short: to hand each one on by itself would cost more than to compress it. */
const CHUNK_CHARACTERS = 64 * 1024;

async function* chunks(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const line of lines) {
    text += line;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

/** Lines as one gzip file, compressed as they come. */
export async function* zipped(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks(lines));
  const zip = createGzip();
  source.once('error', (error) => zip.destroy(error));
  source.pipe(zip);
  try {
    yield* zip;
  } finally {
    source.destroy();
    zip.destroy();
  }
}
