import type { S3Client } from '@aws-sdk/client-s3';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import { ExportFailure } from '../../contract/failure.ts';
import type { Store } from '../../export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { type AwsAccess, awsAccess } from '../aws/access.ts';
import type { s3Location } from './s3-location.ts';

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

/** The store in a bucket. @throws ExportFailure InvalidRequest where a variable of the environment cannot be used */
export async function openBucket(
  location: NonNullable<ReturnType<typeof s3Location>>,
  region: string | undefined,
  encryption: ServerSideEncryption | undefined,
  access: AwsAccess | undefined,
): Promise<Store> {
  const client = s3Client(region, access ?? (await awsAccess(process.env)));
  return s3Store({ client: explainMissingRegion(client), ...location, encryption });
}
