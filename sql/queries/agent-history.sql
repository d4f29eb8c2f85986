-- What has one agent been able to do, since when and until when?
--
-- Parameters
--   agent  login name (today's or a former one) or user id; null: the agent whose proficiencies changed last
--
-- One line per period in which the agent had a proficiency at one level in every snapshot. A
-- proficiency removed and added again has two periods; a day without a snapshot does not end one.
--
-- What the agent has now ends the last periods, and every change ends one: where a change shows no
-- earlier one of the same proficiency, the agent has had it since the first snapshot.
--
-- Reads (npm run test:trino measures it)
--   snapshot_changes           one object of every instance and date, twice
--   latest_user_proficiencies  one object of every instance, three times
--
-- Example answer
--   attribute_name | attribute_value | level | first_seen | last_seen  | still_held | user_id     | instance_id
--   Language       | French          |   3.0 | 2026-10-02 | 2026-11-15 | false      | 0b7a91d4... | 11111111...
--   Language       | French          |   4.0 | 2026-11-16 | 2026-11-23 | true       | 0b7a91d4... | 11111111...
WITH parameters AS (
  SELECT
    CAST(NULL AS varchar) AS agent
),
changed_last AS (
  SELECT user_id
  FROM latest_proficiencies
  ORDER BY proficiencies_modified_at DESC NULLS LAST, user_id
  LIMIT 1
),
endings AS (
  SELECT
    instance_id,
    user_id,
    username,
    previous_username,
    attribute_name,
    attribute_value,
    previous_level AS level,
    previous_snapshot_date AS last_seen,
    snapshot_date AS next_seen,
    previous_snapshot_date AS compared_with,
    false AS still_held
  FROM snapshot_changes
  UNION ALL
  SELECT
    instance_id,
    user_id,
    username,
    CAST(NULL AS varchar) AS previous_username,
    attribute_name,
    attribute_value,
    level,
    snapshot_date AS last_seen,
    CAST(NULL AS date) AS next_seen,
    CAST(NULL AS date) AS compared_with,
    true AS still_held
  FROM latest_proficiencies
),
agents AS (
  SELECT
    endings.instance_id,
    endings.user_id,
    min(min(endings.compared_with)) OVER (PARTITION BY endings.instance_id) AS first_date,
    max(
      CASE
        WHEN endings.user_id = coalesce(parameters.agent, (SELECT user_id FROM changed_last)) THEN 1
        WHEN endings.username = parameters.agent THEN 1
        WHEN endings.previous_username = parameters.agent THEN 1
        ELSE 0
      END
    ) AS is_wanted
  FROM endings
  CROSS JOIN parameters
  GROUP BY endings.instance_id, endings.user_id
),
observed AS (
  SELECT
    endings.instance_id,
    endings.user_id,
    endings.attribute_name,
    endings.attribute_value,
    endings.level,
    coalesce(
      lag(endings.next_seen) OVER (
        PARTITION BY endings.instance_id, endings.user_id, endings.attribute_name, endings.attribute_value
        ORDER BY endings.last_seen
      ),
      agents.first_date,
      endings.last_seen
    ) AS first_seen,
    endings.last_seen,
    endings.still_held
  FROM endings
  JOIN agents
    ON agents.instance_id = endings.instance_id
    AND agents.user_id = endings.user_id
  WHERE agents.is_wanted = 1
    AND endings.attribute_name IS NOT NULL
)
SELECT
  attribute_name,
  attribute_value,
  level,
  first_seen,
  last_seen,
  still_held,
  user_id,
  instance_id
FROM observed
WHERE level IS NOT NULL
ORDER BY instance_id, user_id, attribute_name, attribute_value, first_seen
