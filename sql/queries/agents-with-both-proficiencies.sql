-- Which agents have both of two proficiencies, each at a level or more?
--
-- Parameters
--   attribute_name         name of the predefined attribute of the first proficiency
--   attribute_value        its value
--   minimum_level          lowest level of it that counts, 1 to 5
--   other_attribute_name   name of the predefined attribute of the second proficiency
--   other_attribute_value  its value
--   other_minimum_level    lowest level of it that counts, 1 to 5
--   team                   name of a group of the agent hierarchy, of any level; null for all agents
--   routing_profile        name of a routing profile; null for all agents
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   username      | level | other_level | user_id     | instance_id | snapshot_date
--   chen.wei.0173 |   5.0 |         4.0 | 6f1d0c2e... | 11111111... | 2026-11-23
--   sofia.r.0042  |   4.0 |         3.0 | 0b7a91d4... | 11111111... | 2026-11-23
WITH parameters AS (
  SELECT
    'Language' AS attribute_name,
    'French' AS attribute_value,
    4 AS minimum_level,
    'Certification' AS other_attribute_name,
    'Data protection 2026' AS other_attribute_value,
    3 AS other_minimum_level,
    CAST(NULL AS varchar) AS team,
    CAST(NULL AS varchar) AS routing_profile
),
levels AS (
  SELECT
    latest.username,
    latest.user_id,
    latest.instance_id,
    latest.snapshot_date,
    CASE
      WHEN latest.attribute_name = wanted.attribute_name
        AND latest.attribute_value = wanted.attribute_value
        AND latest.level >= wanted.minimum_level
      THEN latest.level
    END AS level,
    CASE
      WHEN latest.attribute_name = wanted.other_attribute_name
        AND latest.attribute_value = wanted.other_attribute_value
        AND latest.level >= wanted.other_minimum_level
      THEN latest.level
    END AS other_level
  FROM latest_proficiencies latest
  CROSS JOIN parameters wanted
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
)
SELECT
  username,
  max(level) AS level,
  max(other_level) AS other_level,
  user_id,
  instance_id,
  snapshot_date
FROM levels
GROUP BY instance_id, user_id, username, snapshot_date
HAVING max(level) IS NOT NULL
  AND max(other_level) IS NOT NULL
ORDER BY level DESC, other_level DESC, username, user_id, instance_id
