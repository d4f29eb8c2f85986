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
  CAST(from_iso8601_timestamp(users.fetched_at) AT TIME ZONE 'UTC' AS timestamp(3)) AS fetched_at,
  users.run_id
FROM user_proficiencies users
LEFT JOIN UNNEST(
  transform(users.proficiencies, one -> one.attribute_name),
  transform(users.proficiencies, one -> one.attribute_value),
  transform(users.proficiencies, one -> one.level)
) AS proficiency (attribute_name, attribute_value, level) ON TRUE
