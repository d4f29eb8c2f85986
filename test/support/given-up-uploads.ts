import { PreconditionFailed } from '../../export/ports.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { pathStyleS3 } from './path-style-s3.ts';

/** Large enough to be uploaded in parts. */
async function* sixMebibytes(): AsyncGenerator<Buffer> {
  for (let mebibyte = 0; mebibyte < 6; mebibyte += 1) yield Buffer.alloc(1024 ** 2);
}

/** Begins to upload large objects that must be given up at their end, because another writer was first. */
export async function giveUpUploads(
  url: string,
  bucket: string,
  keys: readonly string[],
): Promise<void> {
  const client = pathStyleS3(url);
  const store = s3Store({ client, bucket });
  for (const key of keys) {
    const written = store.put(key, sixMebibytes, { ifMatch: 'stale' });
    await expect(written).rejects.toThrow(PreconditionFailed);
  }
  client.destroy();
}
