import { ATTRIBUTE_COLUMNS } from '../contract/attribute.ts';
import { CHANGE_COLUMNS } from '../contract/change.ts';
import {
  ATTRIBUTES_PREFIX,
  CHANGES_PREFIX,
  COVERAGE_TARGETS_PREFIX,
  instanceTemplate,
  LATEST_PREFIX,
  MANIFESTS_PREFIX,
  partitionTemplate,
  SNAPSHOTS_PREFIX,
} from '../contract/keys.ts';
import { MANIFEST_COLUMNS } from '../contract/manifest.ts';
import { type Column, ROW_COLUMNS } from '../contract/row.ts';
import { TARGET_COLUMNS } from '../contract/target.ts';

/** A table over the objects below a prefix. */
export interface Table {
  readonly name: string;
  /** What one line is. */
  readonly description: string;
  /** What the lines hold. Those that the key gives too are taken from there. */
  readonly columns: Readonly<Record<string, Column>>;
  /** The keys of the table's objects begin with it; nothing else's do. */
  readonly prefix: string;
  /** The columns that come from an object's key, in the order of the key; none where all objects are read always. */
  readonly partitions: Readonly<Record<string, Column>>;
  /** The folder of a partition, with Athena's placeholders; the prefix where there are no partitions. */
  readonly template: string;
}

const INSTANCE = { instance_id: ROW_COLUMNS.instance_id };
const INSTANCE_AND_DATE = { ...INSTANCE, snapshot_date: MANIFEST_COLUMNS.snapshot_date };

/** All tables, the same in Athena and on the laptop. */
export const TABLES = [
  {
    name: 'user_proficiencies',
    description: 'One row per user and snapshot, users without proficiencies included',
    columns: ROW_COLUMNS,
    prefix: SNAPSHOTS_PREFIX,
    partitions: INSTANCE_AND_DATE,
    template: partitionTemplate(SNAPSHOTS_PREFIX),
  },
  {
    name: 'export_runs',
    description: 'One row per published snapshot: how its run went, and what was published',
    columns: MANIFEST_COLUMNS,
    prefix: MANIFESTS_PREFIX,
    partitions: INSTANCE_AND_DATE,
    template: partitionTemplate(MANIFESTS_PREFIX),
  },
  {
    name: 'latest_user_proficiencies',
    description: 'One row per user in the newest published snapshot of each instance',
    columns: ROW_COLUMNS,
    prefix: LATEST_PREFIX,
    partitions: INSTANCE,
    template: instanceTemplate(LATEST_PREFIX),
  },
  {
    name: 'snapshot_changes',
    description:
      'One row per difference between a published snapshot and the one before it, and one for each comparison',
    columns: CHANGE_COLUMNS,
    prefix: CHANGES_PREFIX,
    partitions: INSTANCE_AND_DATE,
    template: partitionTemplate(CHANGES_PREFIX),
  },
  {
    name: 'coverage_targets',
    description:
      'One row per line of targets/coverage.csv: a coverage target, or why the line cannot be read',
    columns: TARGET_COLUMNS,
    prefix: COVERAGE_TARGETS_PREFIX,
    partitions: {},
    template: COVERAGE_TARGETS_PREFIX,
  },
  {
    name: 'predefined_attributes',
    description: 'One row per predefined attribute and value, as of the run that made the snapshot',
    columns: ATTRIBUTE_COLUMNS,
    prefix: ATTRIBUTES_PREFIX,
    partitions: INSTANCE_AND_DATE,
    template: partitionTemplate(ATTRIBUTES_PREFIX),
  },
] as const satisfies readonly Table[];

export type TableName = (typeof TABLES)[number]['name'];
