import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { MOST_IN_FLIGHT } from '../../lambda/connect/pacing/rate.ts';
import { type Agents, awsAgents } from './agents.ts';
import { awsCredentials } from './credentials.ts';

/** What the command line's clients of AWS are made with. */
export interface AwsAccess {
  readonly agents: Agents;
  /** Remembers what it found, for all clients that it is given to. */
  readonly credentials: AwsCredentialIdentityProvider;
}

/**
 * The way to AWS that the environment describes, for Connect, Service Quotas, S3 and where credentials are fetched.
 *
 * @throws ExportFailure InvalidRequest where a variable cannot be used
 */
export function awsAccess(environment: NodeJS.ProcessEnv): AwsAccess {
  const agents = awsAgents(environment, MOST_IN_FLIGHT);
  const terminal = { input: process.stdin, output: process.stderr };
  return { agents, credentials: awsCredentials(environment, agents, terminal) };
}
