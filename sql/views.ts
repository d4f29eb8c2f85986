import { CHANGE_COLUMNS } from '../contract/change.ts';
import { MANIFEST_COLUMNS } from '../contract/manifest.ts';
import { type Column, ROW_COLUMNS } from '../contract/row.ts';
import { readSql } from './sql-file.ts';

/** A view: its SELECT statement, and its columns in the order in which the statement gives them. */
export interface View {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Trino SQL; names tables and views of the same database without qualifying them. */
  readonly sql: string;
}

/** A list has no place in a view. */
const hierarchyLevel = (level: string) =>
  ({
    type: 'string',
    comment: `Name of the group that the user is in at level ${level}; null where the user is in none`,
  }) as const;

const FLAT_COLUMNS = {
  instance_id: ROW_COLUMNS.instance_id,
  snapshot_date: MANIFEST_COLUMNS.snapshot_date,
  region: ROW_COLUMNS.region,
  user_id: ROW_COLUMNS.user_id,
  username: ROW_COLUMNS.username,
  attribute_name: {
    type: 'string',
    comment: 'Name of the predefined attribute; null where the user has no proficiencies',
  },
  attribute_value: {
    type: 'string',
    comment: 'Value of the attribute; null where the user has no proficiencies',
  },
  level: {
    type: 'double',
    comment: '1.0 (lowest) to 5.0 (highest); null where the user has no proficiencies',
  },
  proficiency_count: ROW_COLUMNS.proficiency_count,
  proficiencies_modified_at: {
    type: 'timestamp',
    comment: 'When the proficiencies were last changed, UTC; null where Connect does not say',
  },
  proficiencies_modified_region: ROW_COLUMNS.proficiencies_modified_region,
  user_modified_at: {
    type: 'timestamp',
    comment:
      'When the user (not the proficiencies) was last changed, UTC; null where Connect does not say',
  },
  routing_profile_id: ROW_COLUMNS.routing_profile_id,
  routing_profile_name: ROW_COLUMNS.routing_profile_name,
  hierarchy_group_id: ROW_COLUMNS.hierarchy_group_id,
  hierarchy_level_1: hierarchyLevel('1, the top'),
  hierarchy_level_2: hierarchyLevel('2'),
  hierarchy_level_3: hierarchyLevel('3'),
  hierarchy_level_4: hierarchyLevel('4'),
  hierarchy_level_5: hierarchyLevel('5, the lowest'),
  first_name: ROW_COLUMNS.first_name,
  last_name: ROW_COLUMNS.last_name,
  fetched_at: { type: 'timestamp', comment: 'When Connect answered for this user, UTC' },
  run_id: ROW_COLUMNS.run_id,
} as const satisfies Record<string, Column>;

const { instance_id, previous_snapshot_date, snapshot_date, user_id, username, previous_username } =
  CHANGE_COLUMNS;

const USER_CHANGE_COLUMNS = {
  instance_id,
  previous_snapshot_date,
  snapshot_date,
  user_id,
  username,
  previous_username,
  change: { type: 'string', comment: "'user created', 'user deleted' or 'user renamed'" },
} as const satisfies Record<string, Column>;

const PROFICIENCY_CHANGE_COLUMNS = {
  instance_id,
  previous_snapshot_date,
  snapshot_date,
  user_id,
  username,
  previous_username,
  user_status: {
    type: 'string',
    comment: "'present' in both snapshots, 'created' or 'deleted' between them",
  },
  attribute_name: { type: 'string', comment: 'Name of the predefined attribute' },
  attribute_value: { type: 'string', comment: 'Value of the attribute' },
  change: { type: 'string', comment: "'added', 'removed' or 'level changed'" },
  previous_level: {
    type: 'double',
    comment: 'Level in the earlier snapshot, 1.0 to 5.0; null where added',
  },
  level: { type: 'double', comment: 'Level in the later snapshot, 1.0 to 5.0; null where removed' },
} as const satisfies Record<string, Column>;

/** All views, each after those it reads. */
export const VIEWS: readonly View[] = [
  {
    name: 'proficiencies_flat',
    columns: FLAT_COLUMNS,
    sql: readSql('views/proficiencies_flat.sql'),
  },
  {
    name: 'latest_proficiencies',
    columns: FLAT_COLUMNS,
    sql: readSql('views/latest_proficiencies.sql'),
  },
  {
    name: 'proficiency_changes',
    columns: PROFICIENCY_CHANGE_COLUMNS,
    sql: readSql('views/proficiency_changes.sql'),
  },
  {
    name: 'user_changes',
    columns: USER_CHANGE_COLUMNS,
    sql: readSql('views/user_changes.sql'),
  },
];
