-- Which proficiencies differ between two dates?
--
-- Parameters
--   from_date  earlier date; null: the snapshot before the later one
--   to_date    later date; null: the newest snapshot
--
-- For a date without a published snapshot the newest one before it is taken. What was changed and
-- changed back in between does not show; the view proficiency_changes has every step. The steps are
-- added up: the level before the first one is compared with the level after the last one.
--
-- Reads (npm run test:trino measures it)
--   snapshot_changes  one object of every instance and date, once
--   export_runs       one object of every instance and date, once
--
-- Example answer
--   change        | username      | attribute_name | attribute_value | level_before | level_after | user_status | from_date  | to_date
--   added         | sofia.r.0042  | Language       | French          |              |         4.0 | present     | 2026-11-16 | 2026-11-23
--   level changed | chen.wei.0173 | Product        | Mortgage        |          2.0 |         3.0 | present     | 2026-11-16 | 2026-11-23
WITH parameters AS (
  SELECT
    CAST(NULL AS date) AS from_date,
    CAST(NULL AS date) AS to_date
),
runs AS (
  SELECT
    export_runs.instance_id,
    export_runs.snapshot_date,
    parameters.from_date AS wanted_from_date,
    max(export_runs.snapshot_date) OVER (PARTITION BY export_runs.instance_id) AS to_date
  FROM export_runs
  CROSS JOIN parameters
  WHERE export_runs.snapshot_date <= coalesce(parameters.to_date, export_runs.snapshot_date)
),
dates AS (
  SELECT instance_id, max(snapshot_date) AS from_date, to_date
  FROM runs
  WHERE snapshot_date < to_date
    AND snapshot_date <= coalesce(wanted_from_date, snapshot_date)
  GROUP BY instance_id, to_date
),
steps AS (
  SELECT
    dates.from_date,
    dates.to_date,
    changes.instance_id,
    changes.user_id,
    changes.attribute_name,
    changes.attribute_value,
    first_value(changes.user_status) OVER (
      PARTITION BY changes.instance_id, changes.user_id
      ORDER BY changes.snapshot_date
    ) AS first_status,
    last_value(changes.user_status) OVER (
      PARTITION BY changes.instance_id, changes.user_id
      ORDER BY changes.snapshot_date
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS last_status,
    first_value(changes.previous_username) OVER (
      PARTITION BY changes.instance_id, changes.user_id
      ORDER BY changes.snapshot_date
    ) AS first_username,
    last_value(changes.username) OVER (
      PARTITION BY changes.instance_id, changes.user_id
      ORDER BY changes.snapshot_date
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS last_username,
    first_value(changes.previous_level) OVER (
      PARTITION BY changes.instance_id, changes.user_id, changes.attribute_name, changes.attribute_value
      ORDER BY changes.snapshot_date
    ) AS level_before,
    last_value(changes.level) OVER (
      PARTITION BY changes.instance_id, changes.user_id, changes.attribute_name, changes.attribute_value
      ORDER BY changes.snapshot_date
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS level_after
  FROM dates
  JOIN snapshot_changes changes
    ON changes.instance_id = dates.instance_id
    AND changes.snapshot_date > dates.from_date
    AND changes.snapshot_date <= dates.to_date
  WHERE changes.user_id IS NOT NULL
)
SELECT DISTINCT
  CASE
    WHEN level_before IS NULL THEN 'added'
    WHEN level_after IS NULL THEN 'removed'
    ELSE 'level changed'
  END AS change,
  CASE WHEN last_status = 'deleted' THEN first_username ELSE last_username END AS username,
  attribute_name,
  attribute_value,
  level_before,
  level_after,
  CASE
    WHEN first_status = 'created' THEN 'created'
    WHEN last_status = 'deleted' THEN 'deleted'
    ELSE 'present'
  END AS user_status,
  from_date,
  to_date,
  user_id,
  instance_id
FROM steps
WHERE attribute_name IS NOT NULL
  AND level_before IS DISTINCT FROM level_after
ORDER BY
  instance_id,
  username,
  user_id,
  attribute_name,
  attribute_value
