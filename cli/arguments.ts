import { statSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';
import { BUCKET_NAME } from '../contract/bucket-name.ts';
import { parseInstance } from '../contract/instance.ts';
import { quotaShareSchema, requestsPerSecondSchema } from '../contract/pace.ts';
import { isRegion } from '../contract/region.ts';
import { isTimeZone } from '../contract/time-zone.ts';
import { codeOf } from './store/folder-failure.ts';
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

/** In plain figures; `NaN` where it is none: `Number` would take 0x10 and an empty text, too. */
export const decimal = (text: string): number =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;

const number =
  (schema: z.ZodMiniType<number>, expected: string) =>
  (text: string): number => {
    const value = decimal(text);
    if (z.safeParse(schema, value).success) return value;
    throw new InvalidArgumentError(`Give a ${expected}.`);
  };

export const positive = number(requestsPerSecondSchema, 'number above 0');

export const share = number(quotaShareSchema, 'number above 0 and at most 1');

export const timeZone = (text: string): string => {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('Give an IANA time zone such as Europe/Berlin.');
};

export const kmsKey = (text: string): string => {
  if (/^[\w:/-]+$/.test(text)) return text;
  throw new InvalidArgumentError('Give the id or ARN of a KMS key.');
};

/** As CloudFormation takes it (AWS CloudFormation API Reference, CreateStack). */
export const stackName = (text: string): string => {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Give the name of a CloudFormation stack: letters, digits and hyphens.',
  );
};

export const bucketName = (text: string): string => {
  if (BUCKET_NAME.test(text)) return text;
  throw new InvalidArgumentError('Give the name of a bucket, without s3://.');
};

/** There are Regions that are newer than any list: its name must be one that a partition gives. */
export const awsRegion = (text: string): string => {
  if (isRegion(text)) return text;
  throw new InvalidArgumentError('Give an AWS Region such as eu-west-2.');
};

/** What is at a path; `undefined` where nothing is, or where it is not to be seen: what is done with it will tell why. */
function kindOf(path: string): 'folder' | 'file' | 'device' | 'below a file' | undefined {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'device';
  } catch (error) {
    return codeOf(error) === 'ENOTDIR' ? 'below a file' : undefined;
  }
}

/** A folder that is there, or can be made. */
function folder(text: string, alternative = ''): string {
  switch (kindOf(text)) {
    case 'file':
    case 'device':
      throw new InvalidArgumentError(`It is a file; give a folder${alternative}.`);
    case 'below a file':
      throw new InvalidArgumentError(`A part of it is a file; give a folder${alternative}.`);
    default:
      return text;
  }
}

const OR_BUCKET = ', or s3://bucket/prefix';

/** A folder, or a place in a bucket. */
export const destination = (text: string): string => {
  if (s3Location(text)) return text;
  const isPath =
    text.trim() !== '' && !isMeantForS3(text) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (isPath) return folder(text, OR_BUCKET);
  throw new InvalidArgumentError(`Give a folder${OR_BUCKET}.`);
};

/**
 * A folder has no Region; of an export it is that of Connect.
 *
 * @param place as `destination` lets it pass
 * @throws WrongUsage
 */
export function refuseRegionOfFolder(place: string, region: string | undefined): void {
  if (region === undefined || s3Location(place)) return;
  throw new WrongUsage(
    `--region is ${region}, but "${place}" is a folder, which is in no Region; give s3://bucket/prefix, or leave out --region.`,
  );
}

/** @throws WrongUsage where the ARN is of another Region than the one that is given */
export function refuseTwoRegions({
  instanceId,
  region,
}: {
  readonly instanceId: string;
  readonly region?: string | undefined;
}): void {
  const own = parseInstance(instanceId)?.region;
  if (own === undefined || region === undefined || own === region) return;
  throw new WrongUsage(
    `--region is ${region}, but the ARN of --instance-id is of ${own}; give ${own}, or leave out --region.`,
  );
}

/** A file to write: one that is there is replaced, and so would a device be. */
export const file = (text: string): string => {
  if (text.trim() === '' || isMeantForS3(text)) {
    throw new InvalidArgumentError('Give a file on this computer.');
  }
  switch (/[/\\]$/.test(text) ? 'folder' : kindOf(text)) {
    case 'folder':
      throw new InvalidArgumentError('It is a folder; give a file in it.');
    case 'device':
      throw new InvalidArgumentError('It is a device, or the like; give a file.');
    case 'below a file':
      throw new InvalidArgumentError('A part of it is a file; give a file in a folder.');
    default:
      return text;
  }
};
