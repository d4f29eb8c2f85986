import type { AwsAccess } from '../../aws/access.ts';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import type { Store } from '../../export/ports.ts';
import { folderStore } from './folder-store.ts';
import { s3Location } from './s3-location.ts';

/**
 * The store that a command is given: a folder, or `s3://bucket/prefix`.
 *
 * @param place as `destination` of arguments.ts lets it pass
 * @param region to look for the bucket in first, where it is not the one that the SDK would find
 * @param encryption that every write asks S3 for; a folder has none
 * @param access by which S3 is reached; default: as the environment says
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
    // S3's client takes a while to load: only a bucket waits for it.
    const { openBucket } = await import('./bucket.ts');
    return openBucket(location, region, encryption, access);
  }
  return folderStore(place);
}
