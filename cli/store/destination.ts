import type { S3Client } from '@aws-sdk/client-s3';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import { ExportFailure } from '../../contract/failure.ts';
import type { Store } from '../../export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { WrongUsage } from '../arguments.ts';
import { type AwsAccess, awsAccess } from '../aws/access.ts';
import { folderStore } from './folder-store.ts';
import { s3Location } from './s3-location.ts';

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
 * The store that a command is given: a folder, or `s3://bucket/prefix`.
 *
 * @param place as `destination` of arguments.ts lets it pass
 * @param region to look for the bucket in first, where it is not the one that the SDK would find
 * @param encryption that every write asks S3 for; of a bucket only
 * @param access by which S3 is reached; default: as the environment says
 * @throws WrongUsage where a folder is to be encrypted
 * @throws ExportFailure InvalidRequest where a variable of the environment cannot be used
 */
export async function openDestination(
  place: string,
  region?: string,
  encryption?: ServerSideEncryption,
  access?: AwsAccess,
): Promise<Store> {
  const location = s3Location(place);
  if (location) {
    const client = s3Client(region, access ?? (await awsAccess(process.env)));
    return s3Store({ client: explainMissingRegion(client), ...location, encryption });
  }
  if (encryption === undefined) return folderStore(place);
  throw new WrongUsage(
    `--out is "${place}", a folder, which --sse does not encrypt; write to s3://bucket/prefix, or leave out --sse.`,
  );
}
