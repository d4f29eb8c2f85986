import type { Readable } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { ExportFailure } from '../../contract/failure.ts';

/**
 * The bytes of an answer, to the last one or an error: never fewer without a word.
 *
 * The SDK compares the checksum of objects that were uploaded at once; of those uploaded in parts
 * S3 keeps only a checksum of checksums, so that the length is what tells.
 *
 * @throws ExportFailure ServiceUnavailable where the connection breaks, or bytes are missing or wrong
 */
export function wholeBody(stream: Readable, bytes: number, uri: string): AsyncIterable<Uint8Array> {
  let received = 0;
  const brokenOff = (cause?: unknown): ExportFailure =>
    new ExportFailure(
      'ServiceUnavailable',
      `Reading ${uri} broke off after ${received} of ${bytes} bytes${
        isNativeError(cause) ? ` (${cause.message})` : ''
      }: try again later.`,
      { cause },
    );

  return {
    [Symbol.asyncIterator]() {
      const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
      return {
        async next() {
          const chunk = await chunks.next().catch((error: unknown) => {
            throw brokenOff(error);
          });
          if (!chunk.done) received += chunk.value.length;
          else if (received !== bytes) throw brokenOff();
          return chunk;
        },
        /** Also where nothing was read yet: else the connection would stay in use. */
        async return() {
          stream.destroy();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
