import type { S3Client } from '@aws-sdk/client-s3';
import { type AwsAccess, awsAccess } from '../../aws/access.ts';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import { ExportFailure } from '../../contract/failure.ts';
import type { Store } from '../../export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import type { S3Location } from './s3-location.ts';

/** The SDK says that a Region is missing, but not where to give it. */
function explainMissingRegion(client: S3Client): S3Client {
  const { region } = client.config;
  client.config.region = () =>
    region().catch((error: unknown) => {
      throw new ExportFailure(
        'InvalidRequest',
        'There is no valid AWS Region to ask S3 in: set AWS_REGION or the region of the AWS profile, or give --region.',
        { cause: error },
      );
    });
  return client;
}

/**
 * A client for a bucket that a person named.
 *
 * @param region to look for the bucket in first, where it is not the one that the SDK would find
 * @param access by which S3 is reached; default: as the environment says
 * @throws ExportFailure InvalidRequest where a variable of the environment cannot be used
 */
export async function bucketClient(region?: string, access?: AwsAccess): Promise<S3Client> {
  return explainMissingRegion(s3Client(region, access ?? (await awsAccess(process.env))));
}

/** The store in a bucket. @throws ExportFailure InvalidRequest where a variable of the environment cannot be used */
export async function openBucket(
  location: S3Location,
  region: string | undefined,
  encryption: ServerSideEncryption | undefined,
  access: AwsAccess | undefined,
): Promise<Store> {
  return s3Store({ client: await bucketClient(region, access), ...location, encryption });
}
