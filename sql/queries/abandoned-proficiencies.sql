-- Which proficiencies has nobody any more that somebody once had?
--
-- Reads (npm run test:trino measures it)
--   snapshot_changes           one object of every instance and date, once
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   attribute_name | attribute_value | last_held  | agents_then | who_then    | instance_id
--   Language       | Cymraeg         | 2026-11-19 |           1 | olga.i.0224 | 11111111...
WITH removed AS (
  SELECT
    instance_id,
    attribute_name,
    attribute_value,
    previous_snapshot_date AS held,
    coalesce(previous_username, user_id) AS who,
    max(previous_snapshot_date) OVER (
      PARTITION BY instance_id, attribute_name, attribute_value
    ) AS last_held
  FROM proficiency_changes
  WHERE change = 'removed'
),
held_now AS (
  SELECT DISTINCT instance_id, attribute_name, attribute_value
  FROM latest_proficiencies
)
SELECT
  removed.attribute_name,
  removed.attribute_value,
  removed.last_held,
  count(*) AS agents_then,
  array_join(array_agg(removed.who ORDER BY removed.who), ', ') AS who_then,
  removed.instance_id
FROM removed
LEFT JOIN held_now
  ON held_now.instance_id = removed.instance_id
  AND held_now.attribute_name = removed.attribute_name
  AND held_now.attribute_value = removed.attribute_value
WHERE removed.held = removed.last_held
  AND held_now.instance_id IS NULL
GROUP BY removed.instance_id, removed.attribute_name, removed.attribute_value, removed.last_held
ORDER BY removed.last_held DESC, removed.attribute_name, removed.attribute_value, removed.instance_id
