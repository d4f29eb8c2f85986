-- What has one agent been able to do, since when and until when?
--
-- Parameters
--   agent  login name (today's or a former one) or user id; null: the agent whose proficiencies changed last
--
-- One line per period in which the agent had a proficiency at one level in every snapshot. A
-- proficiency removed and added again has two periods; a day without a snapshot does not end one.
--
-- Reads, one object per instance and date (npm run test:trino measures it)
--   user_proficiencies  every date of every instance, three times
--   export_runs         every date of every instance, twice
--
-- Example answer
--   attribute_name | attribute_value | level | first_seen | last_seen  | still_held | user_id     | instance_id
--   Language       | French          |   3.0 | 2026-10-02 | 2026-11-15 | false      | 0b7a91d4... | 11111111...
--   Language       | French          |   4.0 | 2026-11-16 | 2026-11-23 | true       | 0b7a91d4... | 11111111...
WITH parameters AS (
  SELECT
    CAST(NULL AS varchar) AS agent
),
numbered_runs AS (
  SELECT
    instance_id,
    snapshot_date,
    row_number() OVER (PARTITION BY instance_id ORDER BY snapshot_date) AS run_number,
    max(snapshot_date) OVER (PARTITION BY instance_id) AS newest_date
  FROM export_runs
),
changed_last AS (
  SELECT user_id
  FROM latest_proficiencies
  ORDER BY proficiencies_modified_at DESC NULLS LAST, user_id
  LIMIT 1
),
agents AS (
  SELECT DISTINCT users.instance_id, users.user_id
  FROM user_proficiencies users
  CROSS JOIN parameters
  WHERE users.user_id = coalesce(parameters.agent, (SELECT user_id FROM changed_last))
    OR users.username = parameters.agent
),
observed AS (
  SELECT
    flat.instance_id,
    flat.user_id,
    flat.attribute_name,
    flat.attribute_value,
    flat.level,
    flat.snapshot_date,
    numbered_runs.newest_date,
    numbered_runs.run_number - row_number() OVER (
      PARTITION BY flat.instance_id, flat.user_id, flat.attribute_name, flat.attribute_value, flat.level
      ORDER BY flat.snapshot_date
    ) AS period
  FROM proficiencies_flat flat
  JOIN agents
    ON agents.instance_id = flat.instance_id
    AND agents.user_id = flat.user_id
  JOIN numbered_runs
    ON numbered_runs.instance_id = flat.instance_id
    AND numbered_runs.snapshot_date = flat.snapshot_date
  WHERE flat.attribute_name IS NOT NULL
)
SELECT
  attribute_name,
  attribute_value,
  level,
  min(snapshot_date) AS first_seen,
  max(snapshot_date) AS last_seen,
  max(snapshot_date) = max(newest_date) AS still_held,
  user_id,
  instance_id
FROM observed
GROUP BY instance_id, user_id, attribute_name, attribute_value, level, period
ORDER BY instance_id, user_id, attribute_name, attribute_value, first_seen
