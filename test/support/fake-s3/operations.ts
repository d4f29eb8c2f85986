import type { IncomingHttpHeaders } from 'node:http';
import { copySourceOf } from './copy-source.ts';
import { S3Failure } from './failure.ts';
import type { Operation } from './faults.ts';
import type { Uploads } from './multipart.ts';
import { type FakeBucket, type FakeObject, md5Of } from './objects.ts';
import { type Payload, sha256Of, single } from './payload.ts';
import { type Elements, xml } from './xml.ts';

/** S3 gives at most this many keys in one answer. */
const MAX_KEYS = 1000;

/** A request whose body was read and found right. */
interface Call {
  readonly bucketName: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly payload: Payload;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

type Operations = Readonly<Record<Operation, (call: Call) => Answer>>;

const told = (document: Elements) => (): Answer => ({ status: 200, body: xml(document) });

/** How the bucket is set up: as the stack makes it. */
const SETTINGS = {
  GetBucketVersioning: told({ VersioningConfiguration: { Status: 'Enabled' } }),
  GetBucketEncryption: told({
    ServerSideEncryptionConfiguration: {
      Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    },
  }),
  GetBucketPolicyStatus: told({ PolicyStatus: { IsPublic: 'false' } }),
  GetBucketLifecycleConfiguration: told({
    LifecycleConfiguration: {
      Rule: {
        ID: 'expire-runs',
        Status: 'Enabled',
        Filter: { Prefix: 'runs/' },
        Expiration: { Days: '13' },
      },
    },
  }),
} as const;

/** By what is asked of the bucket itself. */
const OF_BUCKET: Readonly<Record<string, Operation>> = {
  versioning: 'GetBucketVersioning',
  encryption: 'GetBucketEncryption',
  policyStatus: 'GetBucketPolicyStatus',
  lifecycle: 'GetBucketLifecycleConfiguration',
};

/** What each operation does to the bucket. */
export function operationsOn(bucket: FakeBucket, uploads: Uploads): Operations {
  const find = (key: string): FakeObject => {
    const object = bucket.current.get(key);
    if (!object) throw new S3Failure(404, 'NoSuchKey', 'The specified key does not exist.');
    return object;
  };

  return {
    PutObject({ key, payload, headers }) {
      const { bytes } = payload;
      const written = bucket.write(key, { ...payload, etag: md5Of(bytes) }, headers);
      return { status: 200, headers: headersOf(written) };
    },
    CopyObject({ bucketName, key, headers }) {
      const bytes = copySourceOf(bucket, bucketName, headers);
      const withSha256 = single(headers['x-amz-checksum-algorithm']) === 'SHA256';
      const copy = { bytes, etag: md5Of(bytes), ...(withSha256 && { sha256: sha256Of(bytes) }) };
      const written = bucket.write(key, copy, headers);
      const version = { 'x-amz-version-id': written.versionId };
      return { status: 200, headers: version, body: copied('CopyObjectResult', written) };
    },
    GetObject({ key, headers }) {
      const object = find(key);
      const withChecksum = headers['x-amz-checksum-mode'] === 'ENABLED';
      return { status: 200, headers: headersOf(object, withChecksum), body: object.bytes };
    },
    HeadObject({ key }) {
      const object = find(key);
      const length = String(object.bytes.length);
      return { status: 200, headers: { ...headersOf(object), 'content-length': length } };
    },
    HeadBucket: () => ({ status: 200 }),
    ListObjectsV2: ({ bucketName, query }) => list(bucket, bucketName, query),
    ...SETTINGS,

    CreateMultipartUpload({ bucketName, key, headers }) {
      const id = uploads.begin(single(headers['x-amz-checksum-algorithm']));
      const result = { Bucket: bucketName, Key: key, UploadId: id };
      return { status: 200, body: xml({ InitiateMultipartUploadResult: result }) };
    },
    UploadPart({ query, payload }) {
      const part = uploads.addPart(idIn(query), Number(query.get('partNumber')), payload);
      return { status: 200, headers: headersOf(part) };
    },
    UploadPartCopy({ bucketName, query, headers }) {
      const bytes = copySourceOf(bucket, bucketName, headers);
      const payload = { bytes, sha256: sha256Of(bytes) };
      const part = uploads.addPart(idIn(query), Number(query.get('partNumber')), payload);
      return { status: 200, body: copied('CopyPartResult', part) };
    },
    CompleteMultipartUpload({ bucketName, key, query, headers, payload }) {
      const assembled = uploads.assemble(idIn(query), payload.bytes.toString());
      const written = bucket.write(key, assembled, headers);
      uploads.end(idIn(query));
      const result = { Bucket: bucketName, Key: key, ETag: `"${written.etag}"` };
      const { 'x-amz-version-id': version = '' } = headersOf(written);
      return {
        status: 200,
        headers: { 'x-amz-version-id': version },
        body: xml({ CompleteMultipartUploadResult: result }),
      };
    },
    AbortMultipartUpload({ query }) {
      uploads.end(idIn(query));
      return { status: 204 };
    },
  };
}

/** What S3 tells of a copy stands in the body. */
const copied = (root: string, { etag, sha256 }: { etag: string; sha256?: string }): string =>
  xml({ [root]: { ETag: `"${etag}"`, ...(sha256 !== undefined && { ChecksumSHA256: sha256 }) } });

const idIn = (query: URLSearchParams): string => query.get('uploadId') ?? '';

function headersOf(
  object: { etag: string; versionId?: string; sha256?: string },
  withChecksum = true,
): Record<string, string> {
  return {
    etag: `"${object.etag}"`,
    ...(object.versionId !== undefined && { 'x-amz-version-id': object.versionId }),
    ...(withChecksum && object.sha256 !== undefined && { 'x-amz-checksum-sha256': object.sha256 }),
  };
}

function list(bucket: FakeBucket, name: string, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const size = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS);
  const keys = [...bucket.current.keys()]
    .filter((key) => key.startsWith(prefix) && key > after)
    .sort();
  const page = keys.slice(0, size);
  const last = page.at(-1);
  const isTruncated = keys.length > size;
  const result = {
    Name: name,
    Prefix: prefix,
    KeyCount: String(page.length),
    MaxKeys: String(size),
    IsTruncated: String(isTruncated),
    ...(isTruncated && last !== undefined && { NextContinuationToken: last }),
    Contents: page.map((key) => ({
      Key: key,
      Size: String(bucket.current.get(key)?.bytes.length ?? 0),
      ETag: `"${bucket.current.get(key)?.etag ?? ''}"`,
    })),
  };
  return { status: 200, body: xml({ ListBucketResult: result }) };
}

/** Which operation a request means; undefined where this server does not know it. */
export function operationOf(
  method: string,
  key: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Operation | undefined {
  if (key === '') {
    if (method === 'HEAD') return 'HeadBucket';
    if (method !== 'GET') return undefined;
    const asked = Object.keys(OF_BUCKET).find((name) => query.has(name));
    if (asked !== undefined) return OF_BUCKET[asked];
    return query.get('list-type') === '2' ? 'ListObjectsV2' : undefined;
  }
  if (query.has('uploads')) return method === 'POST' ? 'CreateMultipartUpload' : undefined;
  const operations = query.has('uploadId') ? OF_UPLOADS : OF_OBJECTS;
  const isCopy = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  return operations[isCopy ? 'COPY' : method];
}

const OF_UPLOADS: Readonly<Record<string, Operation>> = {
  PUT: 'UploadPart',
  COPY: 'UploadPartCopy',
  POST: 'CompleteMultipartUpload',
  DELETE: 'AbortMultipartUpload',
};

const OF_OBJECTS: Readonly<Record<string, Operation>> = {
  PUT: 'PutObject',
  COPY: 'CopyObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
};
