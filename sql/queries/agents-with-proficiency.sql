-- Which agents have a proficiency at a level or more?
--
-- Parameters
--   attribute_name   name of the predefined attribute
--   attribute_value  value of the attribute
--   minimum_level    lowest level that counts, 1 to 5
--   team             name of a group of the agent hierarchy, of any level; null for all agents
--   routing_profile  name of a routing profile; null for all agents
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   username      | level | user_id     | instance_id | snapshot_date
--   chen.wei.0173 |   5.0 | 6f1d0c2e... | 11111111... | 2026-11-23
--   sofia.r.0042  |   4.0 | 0b7a91d4... | 11111111... | 2026-11-23
WITH parameters AS (
  SELECT
    'Language' AS attribute_name,
    'French' AS attribute_value,
    4 AS minimum_level,
    CAST(NULL AS varchar) AS team,
    CAST(NULL AS varchar) AS routing_profile
)
SELECT
  latest.username,
  latest.level,
  latest.user_id,
  latest.instance_id,
  latest.snapshot_date
FROM latest_proficiencies latest
JOIN parameters wanted
  ON latest.attribute_name = wanted.attribute_name
  AND latest.attribute_value = wanted.attribute_value
  AND latest.level >= wanted.minimum_level
WHERE (
    wanted.team IS NULL
    OR wanted.team IN (
      latest.hierarchy_level_1,
      latest.hierarchy_level_2,
      latest.hierarchy_level_3,
      latest.hierarchy_level_4,
      latest.hierarchy_level_5
    )
  )
  AND (wanted.routing_profile IS NULL OR latest.routing_profile_name = wanted.routing_profile)
ORDER BY latest.level DESC, latest.username, latest.user_id, latest.instance_id
