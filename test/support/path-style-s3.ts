import { S3Client } from '@aws-sdk/client-s3';

/**
 * A client of the SDK's own for a server that knows buckets by the path alone.
 *
 * @param endpoint URL of the server
 */
export const pathStyleS3 = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
