import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ask, isUnanswered, Unanswered } from '../../aws/ask.ts';
import { RUNS_PREFIX } from '../../contract/keys.ts';
import { type Check, type Finding, failed, ok, warning } from '../check.ts';
import { lineFor, lineOrThrow } from '../unanswered.ts';

interface Question {
  readonly client: S3Client;
  readonly bucket: string;
  readonly abortSignal: AbortSignal;
}

async function versioning({ client, bucket, abortSignal }: Question): Promise<Finding> {
  const { Status } = await ask(
    's3:GetBucketVersioning',
    client.send(new GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal }),
  );
  return Status === 'Enabled'
    ? ok(`The bucket ${bucket} keeps versions`)
    : warning(
        `The bucket ${bucket} keeps no versions: a snapshot that is replaced or deleted is gone`,
        'turn on versioning in the properties of the bucket',
      );
}

async function encryption({ client, bucket, abortSignal }: Question): Promise<Finding> {
  const { ServerSideEncryptionConfiguration } = await ask(
    's3:GetEncryptionConfiguration',
    client.send(new GetBucketEncryptionCommand({ Bucket: bucket }), { abortSignal }),
  );
  const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
  return algorithm === undefined
    ? warning(
        `The bucket ${bucket} has no default encryption`,
        'set one in the properties of the bucket',
      )
    : ok(`The bucket ${bucket} encrypts by ${algorithm}`);
}

/** What S3 calls an answer of which there is none. */
const isNone = (error: unknown): boolean =>
  error instanceof Unanswered &&
  /^NoSuch(LifecycleConfiguration|BucketPolicy)$/.test(error.fault.name);

async function publicity({ client, bucket, abortSignal }: Question): Promise<Finding> {
  const answer = await ask(
    's3:GetBucketPolicyStatus',
    client.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }), { abortSignal }),
  ).catch((error: unknown) => {
    if (isNone(error)) return undefined;
    throw error;
  });
  return answer?.PolicyStatus?.IsPublic === true
    ? failed(
        `The policy of the bucket ${bucket} lets everybody in`,
        "correct the bucket's policy: the rows are about people",
      )
    : ok(`The policy of the bucket ${bucket} is not public`);
}

/** Whether a rule holds for working files and removes them after some days. */
const expiresRuns = ({ Status, Prefix, Filter, Expiration }: LifecycleRule): boolean =>
  Status === 'Enabled' &&
  Expiration?.Days !== undefined &&
  RUNS_PREFIX.startsWith(Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '');

async function lifecycle({ client, bucket, abortSignal }: Question): Promise<Finding> {
  const answer = await ask(
    's3:GetLifecycleConfiguration',
    client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }), { abortSignal }),
  ).catch((error: unknown) => {
    if (isNone(error)) return undefined;
    throw error;
  });
  return (answer?.Rules ?? []).some(expiresRuns)
    ? ok(`Working files expire in the bucket ${bucket}`)
    : warning(
        `Working files below ${RUNS_PREFIX} never expire in the bucket ${bucket}`,
        `add a lifecycle rule for the prefix ${RUNS_PREFIX}`,
      );
}

async function lookAt(question: Question): Promise<readonly Finding[]> {
  const first = await versioning(question).catch((error: unknown) => {
    if (isUnanswered(error, 'no bucket')) return undefined;
    return lineOrThrow(error);
  });
  if (first === undefined) {
    return [failed(`There is no bucket ${question.bucket}`, 'correct its name, or create it')];
  }
  const others = [encryption, publicity, lifecycle].map((look) => lineFor(look(question)));
  return [first, ...(await Promise.all(others))];
}

/** Whether buckets are fit to hold the snapshots. */
export const bucketCheck = (client: S3Client): Check<readonly string[]> => ({
  id: 'bucket',
  about: 'The bucket',
  calls: [
    's3:GetBucketVersioning',
    's3:GetEncryptionConfiguration',
    's3:GetBucketPolicyStatus',
    's3:GetLifecycleConfiguration',
  ],
  async run(buckets, abortSignal) {
    const looks = buckets.map((bucket) => lookAt({ client, bucket, abortSignal }));
    return { findings: (await Promise.all(looks)).flat() };
  },
});
