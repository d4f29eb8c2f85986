-- One line per user and proficiency of every snapshot; a user without proficiencies has one line
-- whose attribute_name, attribute_value and level are null.
--
-- The list is unnested as three parallel arrays: unnesting an array of structs in a view gives
-- wrong columns on Athena engine version 3.
SELECT
  users.instance_id,
  users.snapshot_date,
  users.region,
  users.user_id,
  users.username,
  proficiency.attribute_name,
  proficiency.attribute_value,
  proficiency.level,
  users.proficiency_count,
  CAST(from_iso8601_timestamp(users.proficiencies_modified_at) AT TIME ZONE 'UTC' AS timestamp(3)) AS proficiencies_modified_at,
  users.proficiencies_modified_region,
  CAST(from_iso8601_timestamp(users.user_modified_at) AT TIME ZONE 'UTC' AS timestamp(3)) AS user_modified_at,
  users.routing_profile_id,
  users.routing_profile_name,
  users.hierarchy_group_id,
  element_at(users.hierarchy, 1) AS hierarchy_level_1,
  element_at(users.hierarchy, 2) AS hierarchy_level_2,
  element_at(users.hierarchy, 3) AS hierarchy_level_3,
  element_at(users.hierarchy, 4) AS hierarchy_level_4,
  element_at(users.hierarchy, 5) AS hierarchy_level_5,
  users.first_name,
  users.last_name,
  CAST(from_iso8601_timestamp(users.fetched_at) AT TIME ZONE 'UTC' AS timestamp(3)) AS fetched_at,
  users.run_id
FROM user_proficiencies users
LEFT JOIN UNNEST(
  transform(users.proficiencies, one -> one.attribute_name),
  transform(users.proficiencies, one -> one.attribute_value),
  transform(users.proficiencies, one -> one.level)
) AS proficiency (attribute_name, attribute_value, level) ON TRUE
