import { loadSharedConfigFiles } from '@smithy/core/config';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { MOST_IN_FLIGHT } from '../lambda/connect/pacing/rate.ts';
import { type Agents, awsAgents, type CaBundle } from './agents.ts';
import { awsCredentials } from './credentials.ts';

/** What the command line's clients of AWS are made with. */
export interface AwsAccess {
  readonly agents: Agents;
  /** Remembers what it found, for all clients that it is given to. */
  readonly credentials: AwsCredentialIdentityProvider;
}

/** `AWS_CA_BUNDLE`, else `ca_bundle` of the profile in the shared configuration: in this order, as the AWS CLI. */
async function caBundle(environment: NodeJS.ProcessEnv): Promise<CaBundle | undefined> {
  const { AWS_CA_BUNDLE, AWS_PROFILE } = environment;
  if (AWS_CA_BUNDLE !== undefined) {
    return AWS_CA_BUNDLE === '' ? undefined : { path: AWS_CA_BUNDLE, setting: 'AWS_CA_BUNDLE' };
  }
  const profile = AWS_PROFILE || 'default';
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const path = credentialsFile[profile]?.ca_bundle ?? configFile[profile]?.ca_bundle;
  return path ? { path, setting: `ca_bundle of the profile "${profile}"` } : undefined;
}

/**
 * The way to AWS that the environment and its profile describe, for Connect, Service Quotas, S3 and where credentials are fetched.
 *
 * @throws ExportFailure InvalidRequest where a variable or the profile's bundle cannot be used
 */
export async function awsAccess(environment: NodeJS.ProcessEnv): Promise<AwsAccess> {
  const agents = awsAgents(environment, MOST_IN_FLIGHT, await caBundle(environment));
  const terminal = { input: process.stdin, output: process.stderr };
  return { agents, credentials: awsCredentials(environment, agents, terminal) };
}
