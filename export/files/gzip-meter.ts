import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';

/** What a gzip NDJSON object holds. */
export interface Content {
  /** Compressed size. */
  readonly bytes: number;
  readonly rows: number;
  /** SHA-256 of the uncompressed NDJSON, in hex: the same however it was compressed. */
  readonly sha256: string;
  /** SHA-256 of the object's own bytes, in hex. */
  readonly objectSha256: string;
}

interface ContentMeter {
  /** @throws where the bytes are not gzip */
  add(chunk: Uint8Array): Promise<void>;
  finish(): Promise<Content>;
  discard(): void;
}

const NEWLINE = 0x0a;

const countNewlines = (bytes: Uint8Array): number => {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
};

function contentMeter(): ContentMeter {
  const unzip = createGunzip();
  const uncompressed = createHash('sha256');
  const compressed = createHash('sha256');
  let bytes = 0;
  let rows = 0;
  const reading = (async () => {
    for await (const chunk of unzip) {
      uncompressed.update(chunk);
      rows += countNewlines(chunk);
    }
  })();
  // Reported by whichever of add() and finish() comes next.
  reading.catch(() => undefined);
  return {
    async add(chunk) {
      bytes += chunk.byteLength;
      compressed.update(chunk);
      if (!unzip.write(chunk)) await Promise.race([once(unzip, 'drain'), reading]);
    },
    async finish() {
      unzip.end();
      await reading;
      return {
        bytes,
        rows,
        sha256: uncompressed.digest('hex'),
        objectSha256: compressed.digest('hex'),
      };
    },
    discard: () => unzip.destroy(),
  };
}

/** Passes a gzip NDJSON stream on unchanged and says at its end what it held. */
export async function* metered(
  chunks: AsyncIterable<Uint8Array>,
  atEnd: (content: Content) => void,
): AsyncGenerator<Uint8Array> {
  const meter = contentMeter();
  try {
    for await (const chunk of chunks) {
      await meter.add(chunk);
      yield chunk;
    }
    atEnd(await meter.finish());
  } finally {
    meter.discard();
  }
}

/** Reads gzip NDJSON to its end and says what it holds. @throws where it is not gzip */
export async function measure(
  chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[],
): Promise<Content> {
  const meter = contentMeter();
  try {
    for await (const chunk of chunks) await meter.add(chunk);
    return await meter.finish();
  } finally {
    meter.discard();
  }
}
