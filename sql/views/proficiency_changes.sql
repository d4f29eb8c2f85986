-- What changed between each published snapshot of an instance and the published one before it,
-- however many days apart: one line per user and proficiency added, removed or given another level.
--
-- Every line of a snapshot is seen twice: as what is new against the snapshot before, and as what
-- the next one is compared with. Users are told apart by user_id: a new name is no change, and a
-- user created or deleted between the two snapshots is marked as such in user_status.
WITH pairs AS (
  SELECT
    instance_id,
    lag(snapshot_date) OVER (PARTITION BY instance_id ORDER BY snapshot_date) AS previous_snapshot_date,
    snapshot_date
  FROM export_runs
),
sides AS (
  SELECT
    pairs.instance_id,
    pairs.previous_snapshot_date,
    pairs.snapshot_date,
    later.user_id,
    later.attribute_name,
    later.attribute_value,
    CAST(NULL AS varchar) AS previous_username,
    later.username,
    CAST(NULL AS double) AS previous_level,
    later.level,
    0 AS is_previous,
    1 AS is_current
  FROM pairs
  JOIN proficiencies_flat later
    ON later.instance_id = pairs.instance_id
    AND later.snapshot_date = pairs.snapshot_date
  WHERE pairs.previous_snapshot_date IS NOT NULL
  UNION ALL
  SELECT
    pairs.instance_id,
    pairs.previous_snapshot_date,
    pairs.snapshot_date,
    earlier.user_id,
    earlier.attribute_name,
    earlier.attribute_value,
    earlier.username AS previous_username,
    CAST(NULL AS varchar) AS username,
    earlier.level AS previous_level,
    CAST(NULL AS double) AS level,
    1 AS is_previous,
    0 AS is_current
  FROM pairs
  JOIN proficiencies_flat earlier
    ON earlier.instance_id = pairs.instance_id
    AND earlier.snapshot_date = pairs.previous_snapshot_date
),
compared AS (
  SELECT
    instance_id,
    previous_snapshot_date,
    snapshot_date,
    user_id,
    attribute_name,
    attribute_value,
    max(previous_level) AS previous_level,
    max(level) AS level,
    max(max(previous_username)) OVER (PARTITION BY instance_id, snapshot_date, user_id) AS previous_username,
    max(max(username)) OVER (PARTITION BY instance_id, snapshot_date, user_id) AS username,
    max(max(is_previous)) OVER (PARTITION BY instance_id, snapshot_date, user_id) AS was_present,
    max(max(is_current)) OVER (PARTITION BY instance_id, snapshot_date, user_id) AS is_present
  FROM sides
  GROUP BY
    instance_id,
    previous_snapshot_date,
    snapshot_date,
    user_id,
    attribute_name,
    attribute_value
)
SELECT
  instance_id,
  previous_snapshot_date,
  snapshot_date,
  user_id,
  coalesce(username, previous_username) AS username,
  previous_username,
  CASE
    WHEN was_present = 0 THEN 'created'
    WHEN is_present = 0 THEN 'deleted'
    ELSE 'present'
  END AS user_status,
  attribute_name,
  attribute_value,
  CASE
    WHEN previous_level IS NULL THEN 'added'
    WHEN level IS NULL THEN 'removed'
    ELSE 'level changed'
  END AS change,
  previous_level,
  level
FROM compared
WHERE attribute_name IS NOT NULL
  AND previous_level IS DISTINCT FROM level
