-- Users created, deleted or renamed between each published snapshot of an instance and the published
-- one before it, with proficiencies or without: one line per user.
--
-- Where names are switched on or off, nobody is renamed. With snapshot_date = ..., only that date is read.
SELECT
  instance_id,
  previous_snapshot_date,
  snapshot_date,
  user_id,
  username,
  previous_username,
  change
FROM snapshot_changes
WHERE attribute_name IS NULL
  AND user_id IS NOT NULL
