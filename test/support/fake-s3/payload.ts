import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { S3Failure } from './failure.ts';

/** What came with a request, after every checksum sent with it was found right. */
export interface Payload {
  readonly bytes: Buffer;
  /** The SHA-256 that the sender gave, in base64. */
  readonly sha256?: string;
}

/** Reads a request's body; refuses it where it is short or differs from a checksum. */
export async function readPayload(request: IncomingMessage): Promise<Payload> {
  const raw: Buffer = Buffer.concat(await request.toArray());
  const { bytes, trailers } = isAwsChunked(request.headers)
    ? decodeAwsChunked(raw)
    : { bytes: raw, trailers: new Map<string, string>() };
  const sha256 =
    trailers.get('x-amz-checksum-sha256') ?? single(request.headers['x-amz-checksum-sha256']);
  checkLength(bytes, request.headers);
  const hash = createHash('sha256').update(bytes).digest();
  checkSignedHash(hash, request.headers);
  if (sha256 === undefined) return { bytes };
  if (sha256 !== hash.toString('base64')) {
    throw new S3Failure(
      400,
      'BadDigest',
      'The SHA256 you specified did not match what we received.',
    );
  }
  return { bytes, sha256 };
}

/** SHA-256 in base64, as S3's checksum headers carry it. */
export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64');

/** A header that is sent once. */
export const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

const isAwsChunked = (headers: IncomingHttpHeaders): boolean =>
  single(headers['x-amz-content-sha256'])?.startsWith('STREAMING-') ?? false;

/** `<hex size>[;signature]\r\n<data>\r\n … 0\r\n<trailer>:<value>\r\n\r\n` */
export function decodeAwsChunked(raw: Buffer): { bytes: Buffer; trailers: Map<string, string> } {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', position);
    const size = Number.parseInt(raw.toString('latin1', position, end), 16);
    if (end < 0 || Number.isNaN(size)) throw incomplete();
    position = end + 2;
    if (size === 0) break;
    chunks.push(raw.subarray(position, position + size));
    position += size + 2;
  }
  const lines = raw.toString('latin1', position).split('\r\n').filter(Boolean);
  const trailers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { bytes: Buffer.concat(chunks), trailers: new Map(trailers) };
}

function checkLength(bytes: Buffer, headers: IncomingHttpHeaders): void {
  const decoded = single(headers['x-amz-decoded-content-length']);
  if (decoded !== undefined && Number(decoded) !== bytes.length) throw incomplete();
}

function checkSignedHash(hash: Buffer, headers: IncomingHttpHeaders): void {
  const signed = single(headers['x-amz-content-sha256']) ?? '';
  if (!/^[0-9a-f]{64}$/.test(signed)) return;
  if (signed === hash.toString('hex')) return;
  throw new S3Failure(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

const incomplete = (): S3Failure =>
  new S3Failure(400, 'IncompleteBody', 'The request body terminated unexpectedly.');
