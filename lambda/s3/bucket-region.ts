import type { S3Client } from '@aws-sdk/client-s3';

/** What becomes part of a host's name must not be anything else. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/**
 * Lets the client of one bucket find it in another Region than its own: S3 names the Region where it
 * refuses, and from then on the client asks there.
 *
 * The SDK's followRegionRedirects would have every request refused first, and changes the Region of
 * the whole client while a request is under way, which its neighbours take for their own.
 */
export function followBucket(client: S3Client): void {
  const configured = client.config.region;
  let found: string | undefined;
  client.config.region = async () => found ?? (await configured());
  client.middlewareStack.add(
    (next) => async (args) => {
      const asked = await client.config.region();
      try {
        return await next(args);
      } catch (error) {
        const named = regionNamedIn(error);
        if (named === undefined || named === asked) throw error;
        found = named;
        return next(args);
      }
    },
    { name: 'followBucket', step: 'initialize' },
  );
}

function regionNamedIn(error: unknown): string | undefined {
  const response = fieldOf(error, '$response');
  // Where the signature is for another Region, S3 may name the right one in the body alone.
  const region =
    fieldOf(fieldOf(response, 'headers'), 'x-amz-bucket-region') ?? fieldOf(error, 'Region');
  return typeof region === 'string' && REGION.test(region) ? region : undefined;
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
