-- The newest published snapshot of each instance, one line per user and proficiency.
--
-- Published means that the manifest is there, which is written after the rows.
WITH newest AS (
  SELECT instance_id, max(snapshot_date) AS snapshot_date
  FROM export_runs
  GROUP BY instance_id
)
SELECT
  flat.instance_id,
  flat.snapshot_date,
  flat.region,
  flat.user_id,
  flat.username,
  flat.attribute_name,
  flat.attribute_value,
  flat.level,
  flat.proficiency_count,
  flat.proficiencies_modified_at,
  flat.proficiencies_modified_region,
  flat.user_modified_at,
  flat.fetched_at,
  flat.run_id
FROM proficiencies_flat flat
JOIN newest
  ON newest.instance_id = flat.instance_id
  AND newest.snapshot_date = flat.snapshot_date
