-- Which proficiencies has nobody any more that somebody once had?
--
-- Reads, one object per instance and date (npm run test:trino measures it)
--   user_proficiencies  every date of every instance, once
--   export_runs         every date of every instance, twice
--
-- Example answer
--   attribute_name | attribute_value | last_held  | agents_then | who_then    | instance_id
--   Language       | Cymraeg         | 2026-11-19 |           1 | olga.i.0224 | 11111111...
WITH held AS (
  SELECT
    flat.instance_id,
    flat.attribute_name,
    flat.attribute_value,
    flat.snapshot_date,
    coalesce(flat.username, flat.user_id) AS who,
    max(flat.snapshot_date) OVER (
      PARTITION BY flat.instance_id, flat.attribute_name, flat.attribute_value
    ) AS last_held
  FROM proficiencies_flat flat
  JOIN export_runs
    ON export_runs.instance_id = flat.instance_id
    AND export_runs.snapshot_date = flat.snapshot_date
  WHERE flat.attribute_name IS NOT NULL
),
newest AS (
  SELECT instance_id, max(snapshot_date) AS newest_date
  FROM export_runs
  GROUP BY instance_id
)
SELECT
  held.attribute_name,
  held.attribute_value,
  held.last_held,
  count(*) AS agents_then,
  array_join(array_agg(held.who ORDER BY held.who), ', ') AS who_then,
  held.instance_id
FROM held
JOIN newest
  ON newest.instance_id = held.instance_id
WHERE held.snapshot_date = held.last_held
  AND held.last_held < newest.newest_date
GROUP BY held.instance_id, held.attribute_name, held.attribute_value, held.last_held
ORDER BY held.last_held DESC, held.attribute_name, held.attribute_value, held.instance_id
