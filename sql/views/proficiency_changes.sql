-- What changed between each published snapshot of an instance and the published one before it,
-- however many days apart: one line per user and proficiency added, removed or given another level.
--
-- Users are told apart by user_id: a new name is no change, and a user created or deleted between the
-- two snapshots is marked as such in user_status. With snapshot_date = ..., only that date is read.
SELECT
  instance_id,
  previous_snapshot_date,
  snapshot_date,
  user_id,
  username,
  previous_username,
  user_status,
  attribute_name,
  attribute_value,
  change,
  previous_level,
  level
FROM snapshot_changes
WHERE attribute_name IS NOT NULL
