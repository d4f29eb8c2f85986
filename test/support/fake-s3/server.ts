import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listenOnLoopback } from '../loopback.ts';
import { S3Failure, wrongRegion } from './failure.ts';
import { errorOf, type Fault, noFaults, type Operation, type SeenRequest } from './faults.ts';
import { noUploads, S3_MINIMUM_PART_BYTES } from './multipart.ts';
import { emptyBucket, type FakeObject, md5Of } from './objects.ts';
import { type Answer, operationOf, operationsOn } from './operations.ts';
import { readPayload } from './payload.ts';
import { xml } from './xml.ts';

const DEFAULT_DELAY_MS = 200;

/** A small S3 over real HTTP: one bucket in memory, addressed by path. */
export interface FakeS3 {
  /** What `AWS_ENDPOINT_URL_S3` is set to. */
  readonly url: string;
  readonly bucket: string;
  /** What is stored at this moment, by key. */
  readonly objects: ReadonlyMap<string, FakeObject>;
  /** Every request received, faulty ones included. */
  readonly requests: readonly SeenRequest[];
  /** How many multipart uploads were begun and neither completed nor aborted. */
  readonly openUploads: number;
  /** Writes as another client would, without a request. */
  write(key: string, content: string | Buffer): void;
  /** Removes as another client would, without a request. */
  remove(key: string): void;
  /** Lets the next matching requests go wrong. */
  failNext(fault: Fault): void;
  /** Refuses writes that do not carry these headers, as a bucket policy can. */
  demand(headers: Readonly<Record<string, string>>): void;
  /** Moves the bucket: requests that are signed for another Region are sent there. */
  moveTo(region: string): void;
  /** Forgets faults that have not happened. */
  clearFaults(): void;
  close(): Promise<void>;
}

/**
 * Starts the server on a free port of this machine.
 *
 * @param minimumPartBytes of every part but the last. Default: as S3; fewer, and tests of uploads in parts move fewer bytes.
 */
export async function startFakeS3(
  bucketName = 'test-bucket',
  minimumPartBytes = S3_MINIMUM_PART_BYTES,
): Promise<FakeS3> {
  const bucket = emptyBucket();
  const uploads = noUploads(minimumPartBytes);
  const faults = noFaults();
  const requests: SeenRequest[] = [];
  const operations = operationsOn(bucket, uploads);
  let region: string | undefined;
  let demanded: Readonly<Record<string, string>> = {};

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { bucketName: asked, key, query } = addressOf(request);
    const method = request.method ?? '';
    const operation = operationOf(method, key, query, request.headers);
    if (!operation) throw new S3Failure(501, 'NotImplemented', `${method} ${request.url}`);
    const seen = { method, operation, key: key || (query.get('prefix') ?? '') };
    requests.push(seen);
    const fault = faults.take(seen);
    if (fault?.with === 'drop') return void request.socket.destroy();

    const payload = await readPayload(request);
    if (fault?.answer) {
      const { status, headers, body } = fault.answer;
      return void response.writeHead(status, headers).end(body);
    }
    // Nobody may be waiting for it any more.
    if (fault?.with === 'slow')
      await pause(fault.delayMs ?? DEFAULT_DELAY_MS, undefined, { ref: false });
    const error = fault && errorOf(fault);
    if (error) throw error;
    if (asked !== bucketName) {
      throw new S3Failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
    }
    checkSigned(request);
    if (region !== undefined && regionOf(request) !== region) throw wrongRegion(region);
    if (BEGINS_WRITE.includes(operation)) checkDemanded(request, demanded);
    const call = { bucketName, key, query, headers: request.headers, payload };
    const answer = operations[operation](call);
    if (fault?.with === 'lost-response') return void request.socket.destroy();
    send(response, answer, fault);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => sendError(request, response, error));
  });
  const { url, close } = await listenOnLoopback(server);

  return {
    url,
    bucket: bucketName,
    objects: bucket.current,
    requests,
    get openUploads() {
      return uploads.count;
    },
    write(key, content) {
      const bytes = Buffer.from(content);
      bucket.write(key, { bytes, etag: md5Of(bytes) });
    },
    remove: bucket.remove,
    failNext: faults.add,
    demand: (headers) => {
      demanded = headers;
    },
    moveTo: (other) => {
      region = other;
    },
    clearFaults: faults.clear,
    close,
  };
}

function addressOf(request: IncomingMessage): {
  bucketName: string;
  key: string;
  query: URLSearchParams;
} {
  const url = new URL(request.url ?? '/', 'http://fake');
  const [bucketName = '', ...segments] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  return { bucketName, key: segments.join('/'), query: url.searchParams };
}

/** Signatures are not recomputed, but a request without one is not let in. */
function checkSigned(request: IncomingMessage): void {
  if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return;
  throw new S3Failure(403, 'AccessDenied', 'The request is not signed.');
}

/** The Region that the signature is for: of `Credential=<key>/<date>/<region>/s3/aws4_request`. */
const regionOf = ({ headers }: IncomingMessage): string | undefined =>
  /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(headers.authorization ?? '')?.[1];

/** S3 lets nobody repeat the headers of encryption for the parts of an upload. */
const BEGINS_WRITE: readonly Operation[] = ['PutObject', 'CopyObject', 'CreateMultipartUpload'];

function checkDemanded(
  { headers }: IncomingMessage,
  demanded: Readonly<Record<string, string>>,
): void {
  if (Object.entries(demanded).every(([name, value]) => headers[name] === value)) return;
  throw new S3Failure(
    403,
    'AccessDenied',
    'User is not authorized to perform: s3:PutObject with an explicit deny in a resource-based policy',
  );
}

function send(response: ServerResponse, { status, headers, body }: Answer, fault?: Fault): void {
  const bytes = Buffer.from(body ?? '');
  if (fault?.with === 'damaged-body') bytes[0] = (bytes[0] ?? 0) ^ 1;
  const length = body === undefined ? {} : { 'content-length': String(bytes.length) };
  response.writeHead(status, { 'x-amz-request-id': 'FAKE', ...length, ...headers });
  if (fault?.with !== 'drop-mid-body') return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (!(error instanceof S3Failure)) return void request.socket.destroy();
  const { code, message, status, headers } = error;
  const body = xml({ Error: { Code: code, Message: message, RequestId: 'FAKE' } });
  send(response, { status, headers: { 'content-type': 'application/xml', ...headers }, body });
}
