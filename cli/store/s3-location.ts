import { BUCKET_NAME } from '../../contract/bucket-name.ts';

/** A place in a bucket. */
export interface S3Location {
  readonly bucket: string;
  /** Before every key; empty, or ends with a slash. */
  readonly prefix: string;
}

const S3_URI = /^s3:\/\/(?<bucket>[^/]+)(?:\/(?<prefix>.*))?$/;

/** The scheme of a URI may be written in capitals. */
const withPlainScheme = (text: string): string => text.replace(/^s3:/i, 's3:');

const withSlash = (prefix: string): string =>
  prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;

/** Whether S3 is meant, be it written properly or not. */
export const isMeantForS3 = (text: string): boolean => withPlainScheme(text).startsWith('s3:');

/** Reads `s3://bucket/prefix`; `undefined` where the text is none. */
export function s3Location(text: string): S3Location | undefined {
  const { bucket, prefix = '' } = S3_URI.exec(withPlainScheme(text))?.groups ?? {};
  return bucket === undefined || !BUCKET_NAME.test(bucket)
    ? undefined
    : { bucket, prefix: withSlash(prefix) };
}
