import { readFileSync } from 'node:fs';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isRegion, partitionOf, REGIONS_BY_PARTITION } from '../../contract/region.ts';

const PARTITIONS_OF_SDK =
  'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';

it('the partitions are those of the SDK', () => {
  const source = readFileSync(PARTITIONS_OF_SDK, 'utf8');
  const patterns = [...source.matchAll(/"id": "([\w-]+)"[\s\S]*?"regionRegex": (".*")/g)].map(
    ([, id, pattern = '']) => [id, JSON.parse(pattern).replaceAll('\\-', '-')],
  );
  const ours = Object.entries(REGIONS_BY_PARTITION).map(([id, names]) => [id, names.source]);
  expect(ours).toEqual(patterns);
});

it.each(RegionInfo.regions.map(({ name, partition }) => [name, partition]))(
  '%s is a Region of %s',
  (name, partition) => {
    expect([isRegion(name), partitionOf(name)]).toEqual([true, partition]);
  },
);

it.each([
  'foo',
  '',
  'us-east',
  'us-east-1a',
  'eu-WEST-1',
  'foo-bar-1',
  'us-east-1\n',
  'aws-global',
])('%j is no Region', (name) => {
  expect(isRegion(name)).toBe(false);
});

it('a Region may be newer than this software', () => {
  expect([isRegion('eu-west-99'), partitionOf('us-gov-north-3')]).toEqual([true, 'aws-us-gov']);
});
