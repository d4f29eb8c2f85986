import { randomUUID } from 'node:crypto';
import { S3Failure } from './failure.ts';
import { type FakeObject, md5Of } from './objects.ts';
import { type Payload, sha256Of } from './payload.ts';
import { elementsIn, textIn } from './xml.ts';

/** Every part but the last has at least this many bytes. */
export const S3_MINIMUM_PART_BYTES = 5 * 1024 * 1024;

interface Part {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly sha256?: string;
}

/** The multipart uploads that were begun and neither completed nor aborted. */
export interface Uploads {
  readonly count: number;
  begin(checksumAlgorithm: string | undefined): string;
  addPart(id: string, number: number, payload: Payload): Part;
  /** Puts the parts named by the document together; the upload stays until `end`. */
  assemble(id: string, document: string): Omit<FakeObject, 'versionId'>;
  end(id: string): void;
}

interface Upload {
  readonly withSha256: boolean;
  readonly parts: Map<number, Part>;
}

export function noUploads(minimumPartBytes: number): Uploads {
  const uploads = new Map<string, Upload>();
  const find = (id: string): Upload => {
    const upload = uploads.get(id);
    if (!upload) throw new S3Failure(404, 'NoSuchUpload', 'The specified upload does not exist.');
    return upload;
  };
  return {
    get count() {
      return uploads.size;
    },
    begin(checksumAlgorithm) {
      const id = randomUUID();
      uploads.set(id, { withSha256: checksumAlgorithm === 'SHA256', parts: new Map() });
      return id;
    },
    addPart(id, number, { bytes, sha256 }) {
      const { withSha256, parts } = find(id);
      if (withSha256 && sha256 === undefined) throw invalid('Checksum Type mismatch occurred.');
      const part = { bytes, etag: md5Of(bytes), ...(sha256 !== undefined && { sha256 }) };
      parts.set(number, part);
      return part;
    },
    assemble(id, document) {
      const { withSha256, parts } = find(id);
      return join(chosenParts(document, parts, { withSha256, minimumPartBytes }), withSha256);
    },
    end(id) {
      find(id);
      uploads.delete(id);
    },
  };
}

function chosenParts(
  document: string,
  parts: ReadonlyMap<number, Part>,
  { withSha256, minimumPartBytes }: { withSha256: boolean; minimumPartBytes: number },
): readonly Part[] {
  const listed = elementsIn(document, 'Part').map((element) => ({
    number: Number(textIn(element, 'PartNumber')),
    etag: textIn(element, 'ETag'),
    sha256: textIn(element, 'ChecksumSHA256'),
  }));
  if (listed.length === 0) throw new S3Failure(400, 'MalformedXML', 'No parts were listed.');
  return listed.map(({ number, etag, sha256 }, index) => {
    const part = parts.get(number);
    if (number <= (listed[index - 1]?.number ?? 0)) {
      throw new S3Failure(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    if (!part || part.etag !== etag || (withSha256 && part.sha256 !== sha256)) {
      throw new S3Failure(400, 'InvalidPart', `Part ${number} could not be found as listed.`);
    }
    if (index < listed.length - 1 && part.bytes.length < minimumPartBytes) {
      throw new S3Failure(400, 'EntityTooSmall', `Part ${number} is smaller than allowed.`);
    }
    return part;
  });
}

function join(parts: readonly Part[], withSha256: boolean): Omit<FakeObject, 'versionId'> {
  const digests = parts.map(({ etag }) => Buffer.from(etag, 'hex'));
  const checksums = parts.map(({ sha256 }) => Buffer.from(sha256 ?? '', 'base64'));
  return {
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    etag: `${md5Of(Buffer.concat(digests))}-${parts.length}`,
    ...(withSha256 && { sha256: `${sha256Of(Buffer.concat(checksums))}-${parts.length}` }),
  };
}

const invalid = (message: string): S3Failure => new S3Failure(400, 'InvalidRequest', message);
