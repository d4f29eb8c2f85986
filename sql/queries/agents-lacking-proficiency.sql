-- Which agents lack a proficiency, or have it below a level?
--
-- Parameters
--   attribute_name   name of the predefined attribute
--   attribute_value  value of the attribute
--   minimum_level    lowest level that is enough, 1 to 5
--   team             name of a group of the agent hierarchy, of any level; null for all agents
--   routing_profile  name of a routing profile; null for all agents
--
-- The level is null where the agent does not have it at all.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   username    | level | proficiency_count | user_id     | instance_id | snapshot_date
--   emma.p.0090 |   2.0 |                 4 | 77d02b15... | 11111111... | 2026-11-23
--   anna.m.0007 |       |                 0 | 2c9e03aa... | 11111111... | 2026-11-23
WITH parameters AS (
  SELECT
    'Certification' AS attribute_name,
    'Data protection 2026' AS attribute_value,
    3 AS minimum_level,
    CAST(NULL AS varchar) AS team,
    CAST(NULL AS varchar) AS routing_profile
)
SELECT
  latest.username,
  max(latest.level) FILTER (
    WHERE latest.attribute_name = parameters.attribute_name
      AND latest.attribute_value = parameters.attribute_value
  ) AS level,
  latest.proficiency_count,
  latest.user_id,
  latest.instance_id,
  latest.snapshot_date
FROM latest_proficiencies latest
CROSS JOIN parameters
WHERE (
    parameters.team IS NULL
    OR parameters.team IN (
      latest.hierarchy_level_1,
      latest.hierarchy_level_2,
      latest.hierarchy_level_3,
      latest.hierarchy_level_4,
      latest.hierarchy_level_5
    )
  )
  AND (parameters.routing_profile IS NULL OR latest.routing_profile_name = parameters.routing_profile)
GROUP BY
  latest.username,
  latest.proficiency_count,
  latest.user_id,
  latest.instance_id,
  latest.snapshot_date
HAVING count(*) FILTER (
  WHERE latest.attribute_name = parameters.attribute_name
    AND latest.attribute_value = parameters.attribute_value
    AND latest.level >= parameters.minimum_level
) = 0
ORDER BY level DESC NULLS LAST, latest.username, latest.user_id, latest.instance_id
