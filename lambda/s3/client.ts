import { S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentialIdentityProvider, NodeHttpHandlerOptions } from '@smithy/types';
import { followBucket } from './bucket-region.ts';

/**
 * The first request and up to five more. S3 asks clients to bear 503 SlowDown by waiting; the SDK's
 * waits double from one second, so six attempts bear it for up to half a minute.
 */
const MAX_ATTEMPTS = 6;

/** A connection within a Region is up in milliseconds; the SDK itself would wait for ever. */
const CONNECTION_TIMEOUT_MS = 3_000;

/**
 * A connection on which nothing moves for this long is dead (the SDK begins to look after 3 s); the
 * request is tried again. All attempts together end within the 90 s that a slice keeps for its end.
 */
const SOCKET_TIMEOUT_MS = 8_000;

/** How S3 is reached, where it is not as the SDK would by itself. */
export interface S3Access {
  /** What connections are made with. Default: agents of Node.js. */
  readonly agents?: Pick<NodeHttpHandlerOptions, 'httpAgent' | 'httpsAgent'>;
  /** Default: as the SDK finds them, by its own variables and files. */
  readonly credentials?: AwsCredentialIdentityProvider;
}

/**
 * A client for one bucket, wherever it is. The endpoint comes from where the SDK always looks for it,
 * and so does the Region.
 *
 * @param region to ask first, instead of the one that the SDK would find
 */
export function s3Client(region?: string, { agents, credentials }: S3Access = {}): S3Client {
  const client = new S3Client({
    ...(region !== undefined && { region }),
    ...(credentials && { credentials }),
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      ...agents,
    },
  });
  nameBucketInPathOfOtherEndpoints(client);
  followBucket(client);
  return client;
}

/**
 * Another endpoint than AWS's own (`AWS_ENDPOINT_URL_S3`, or `endpoint_url` of a profile) gets the
 * bucket in the path, as from the AWS CLI and boto3: the SDK for JavaScript would ask for the host
 * `<bucket>.localhost`, which most resolvers do not know.
 */
function nameBucketInPathOfOtherEndpoints(client: S3Client): void {
  const { endpointProvider } = client.config;
  client.config.endpointProvider = (parameters, context) =>
    endpointProvider(
      parameters.Endpoint === undefined ? parameters : { ...parameters, ForcePathStyle: true },
      context,
    );
}
