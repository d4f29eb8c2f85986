-- Which proficiencies differ between two dates?
--
-- Parameters
--   from_date  earlier date; null: the snapshot before the later one
--   to_date    later date; null: the newest snapshot
--
-- For a date without a published snapshot the newest one before it is taken. What was changed and
-- changed back in between does not show; the view proficiency_changes has every step.
--
-- Reads, one object per instance and date (npm run test:trino measures it)
--   user_proficiencies  every date of every instance, three times
--   export_runs         every date of every instance, twice
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
later_dates AS (
  SELECT export_runs.instance_id, max(export_runs.snapshot_date) AS to_date
  FROM export_runs
  CROSS JOIN parameters
  WHERE export_runs.snapshot_date <= coalesce(parameters.to_date, export_runs.snapshot_date)
  GROUP BY export_runs.instance_id
),
dates AS (
  SELECT
    later_dates.instance_id,
    max(export_runs.snapshot_date) AS from_date,
    later_dates.to_date
  FROM later_dates
  JOIN export_runs
    ON export_runs.instance_id = later_dates.instance_id
    AND export_runs.snapshot_date < later_dates.to_date
  CROSS JOIN parameters
  WHERE export_runs.snapshot_date <= coalesce(parameters.from_date, export_runs.snapshot_date)
  GROUP BY later_dates.instance_id, later_dates.to_date
),
compared AS (
  SELECT
    flat.instance_id,
    dates.from_date,
    dates.to_date,
    flat.user_id,
    flat.attribute_name,
    flat.attribute_value,
    max(flat.level) FILTER (WHERE flat.snapshot_date = dates.from_date) AS level_before,
    max(flat.level) FILTER (WHERE flat.snapshot_date = dates.to_date) AS level_after
  FROM dates
  JOIN proficiencies_flat flat
    ON flat.instance_id = dates.instance_id
    AND flat.snapshot_date IN (dates.from_date, dates.to_date)
  WHERE flat.attribute_name IS NOT NULL
  GROUP BY
    flat.instance_id,
    dates.from_date,
    dates.to_date,
    flat.user_id,
    flat.attribute_name,
    flat.attribute_value
)
SELECT
  CASE
    WHEN compared.level_before IS NULL THEN 'added'
    WHEN compared.level_after IS NULL THEN 'removed'
    ELSE 'level changed'
  END AS change,
  CASE WHEN later.user_id IS NULL THEN earlier.username ELSE later.username END AS username,
  compared.attribute_name,
  compared.attribute_value,
  compared.level_before,
  compared.level_after,
  CASE
    WHEN earlier.user_id IS NULL THEN 'created'
    WHEN later.user_id IS NULL THEN 'deleted'
    ELSE 'present'
  END AS user_status,
  compared.from_date,
  compared.to_date,
  compared.user_id,
  compared.instance_id
FROM compared
LEFT JOIN user_proficiencies earlier
  ON earlier.instance_id = compared.instance_id
  AND earlier.snapshot_date = compared.from_date
  AND earlier.user_id = compared.user_id
LEFT JOIN user_proficiencies later
  ON later.instance_id = compared.instance_id
  AND later.snapshot_date = compared.to_date
  AND later.user_id = compared.user_id
WHERE compared.level_before IS DISTINCT FROM compared.level_after
ORDER BY
  compared.instance_id,
  username,
  compared.user_id,
  compared.attribute_name,
  compared.attribute_value
