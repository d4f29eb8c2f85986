/**
 * The partitions of AWS and what their Regions are called, so that a Region newer than this software is known by its name.
 *
 * Source: `partitions.json` of the AWS SDKs. test/contract/region.test.ts compares it with the SDK that is installed.
 */
export const REGIONS_BY_PARTITION: Readonly<Record<string, RegExp>> = {
  aws: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  'aws-cn': /^cn-\w+-\d+$/,
  'aws-eusc': /^eusc-(de)-\w+-\d+$/,
  'aws-iso': /^us-iso-\w+-\d+$/,
  'aws-iso-b': /^us-isob-\w+-\d+$/,
  'aws-iso-e': /^eu-isoe-\w+-\d+$/,
  'aws-iso-f': /^us-isof-\w+-\d+$/,
  'aws-us-gov': /^us-gov-\w+-\d+$/,
};

/** The partition that a Region is in, such as `aws-us-gov`; `undefined` where no partition has Regions of such a name. */
export function partitionOf(region: string): string | undefined {
  const [partition] =
    Object.entries(REGIONS_BY_PARTITION).find(([, names]) => names.test(region)) ?? [];
  return partition;
}

/** Whether a partition has, or may come to have, a Region of this name. */
export const isRegion = (name: string): boolean =>
  name === name.toLowerCase() && partitionOf(name) !== undefined;
