import type { AwsCredentialIdentityProvider, NodeHttpHandlerOptions } from '@smithy/types';
import type { AwsAccess } from './access.ts';

/** What a client that asks about a deployment is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly requestHandler: Pick<
    NodeHttpHandlerOptions,
    'httpAgent' | 'httpsAgent' | 'connectionTimeout' | 'requestTimeout'
  > & { readonly throwOnRequestTimeout: boolean };
}

/** Of one attempt, in milliseconds: AWS answers within a second or has a problem. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

export const clientSettings = (
  { agents, credentials }: AwsAccess,
  region: string,
): ClientSettings => ({ region, credentials, requestHandler: { ...TIMEOUTS, ...agents } });
