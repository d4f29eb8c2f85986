import { InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';
import { parseInstance } from '../contract/instance.ts';
import { quotaShareSchema, requestsPerSecondSchema } from '../contract/pace.ts';
import { isTimeZone } from '../contract/time-zone.ts';
import { isMeantForS3, s3Location } from './store/s3-location.ts';

/** Parsers of command-line arguments; what they refuse is wrong usage. */

/** Arguments that are right each by itself, but not together. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

export const instanceId = (text: string): string => {
  if (parseInstance(text)) return text;
  throw new InvalidArgumentError(
    'Give an Amazon Connect instance id (a lower-case UUID) or instance ARN; `aws connect list-instances` shows them.',
  );
};

export const date = (text: string): string => {
  if (z.safeParse(z.iso.date(), text).success) return text;
  throw new InvalidArgumentError('Give a date as yyyy-MM-dd.');
};

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };

const number =
  (schema: z.ZodMiniType<number>, expected: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && z.safeParse(schema, value).success) return value;
    throw new InvalidArgumentError(`Give a ${expected}.`);
  };

export const positive = number(requestsPerSecondSchema, 'number above 0');

export const share = number(quotaShareSchema, 'number above 0 and at most 1');

export const timeZone = (text: string): string => {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('Give an IANA time zone such as Europe/Berlin.');
};

/** Anything that can be a label of a host's name: which Regions there are, AWS decides. */
export const awsRegion = (text: string): string => {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)) return text;
  throw new InvalidArgumentError('Give an AWS Region such as eu-west-2.');
};

/** A folder, or a place in a bucket. */
export const destination = (text: string): string => {
  const isFolder =
    text.trim() !== '' && !isMeantForS3(text) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (isFolder || s3Location(text)) return text;
  throw new InvalidArgumentError('Give a folder, or s3://bucket/prefix.');
};

/** A folder to ask questions of: DuckDB reads files, not S3. */
export const snapshotFolder = (text: string): string => {
  if (isMeantForS3(text)) {
    throw new InvalidArgumentError(
      `Only a folder can be asked: copy the bucket by \`aws s3 sync ${text.replace(/^s3:/i, 's3:')} ./copy --exclude "runs/*"\`, and give --out ./copy.`,
    );
  }
  if (text !== '') return text;
  throw new InvalidArgumentError('Give a folder.');
};

export const file = (text: string): string => {
  if (text !== '' && !isMeantForS3(text)) return text;
  throw new InvalidArgumentError('Give a file on this computer.');
};
