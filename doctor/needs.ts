import type { S3Client } from '@aws-sdk/client-s3';
import type { Deployment } from '../aws/deployment/parts.ts';
import type { DeployedSchedule } from '../aws/deployment/schedule.ts';
import type { Manifest } from '../contract/manifest.ts';
import { s3Store } from '../lambda/s3/store.ts';
import type { Catalogue } from './checks/athena.ts';
import type { Identity } from './checks/identity.ts';
import type { Published } from './checks/snapshots.ts';
import type { Deployed } from './checks/worker-rights.ts';

/** What checks need that several others find; `undefined` where one of those has nothing to hand on. */

/** What a check hands on. */
type Fact<T> = Promise<T | undefined>;

/** The buckets to look at: the one that was named, also where the deployment is not known, and the deployment's. */
export async function bucketsOf(
  identity: Fact<Identity>,
  deployment: Fact<Deployment>,
  named: string | undefined,
): Fact<readonly string[]> {
  const [who, found] = await Promise.all([identity, deployment]);
  const buckets = new Set([named, found?.parts.bucket].flatMap((bucket) => bucket ?? []));
  return who === undefined || buckets.size === 0 ? undefined : [...buckets];
}

/** Where the snapshots are. A schedule that is not known keeps nobody from looking at them. */
export async function publishedBy(
  client: S3Client,
  deployment: Fact<Deployment>,
  instances: Fact<readonly string[]>,
  schedule: Fact<DeployedSchedule>,
): Fact<Published> {
  const [found, ids, known] = await Promise.all([deployment, instances, schedule]);
  const bucket = found?.parts.bucket;
  if (bucket === undefined || ids === undefined) return undefined;
  return {
    store: s3Store({ client, bucket }),
    instances: ids,
    timeZone: known?.timeZone ?? 'UTC',
  };
}

/** What Athena is asked about. */
export async function catalogueOf(
  deployment: Fact<Deployment>,
  database: Fact<string>,
  newest: Fact<readonly Manifest[]>,
): Fact<Catalogue> {
  const [found, name, manifests] = await Promise.all([deployment, database, newest]);
  const manifest = manifests?.[0];
  if (found === undefined || name === undefined || manifest === undefined) return undefined;
  return { workgroup: found.parts.workgroup, database: name, newest: manifest };
}

/** Whose rights are simulated. */
export async function deployedBy(
  identity: Fact<Identity>,
  deployment: Fact<Deployment>,
  instances: Fact<readonly string[]>,
): Fact<Deployed> {
  const [who, found, ids] = await Promise.all([identity, deployment, instances]);
  if (who === undefined || found === undefined || ids === undefined) return undefined;
  return { identity: who, deployment: found, instances: ids };
}
