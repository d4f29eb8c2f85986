-- How many agents have each proficiency, level by level?
--
-- Parameters
--   team             name of a group of the agent hierarchy, of any level; null for all agents
--   routing_profile  name of a routing profile; null for all agents
--
-- A level between two whole numbers counts as the lower one.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   attribute_name | attribute_value | agents | level_1 | level_2 | level_3 | level_4 | level_5 | average_level | instance_id
--   Language       | English         |    231 |      14 |      40 |      88 |      63 |      26 |           3.2 | 11111111...
--   Language       | French          |     57 |       3 |      11 |      22 |      15 |       6 |           3.2 | 11111111...
WITH parameters AS (
  SELECT
    CAST(NULL AS varchar) AS team,
    CAST(NULL AS varchar) AS routing_profile
)
SELECT
  attribute_name,
  attribute_value,
  count(*) AS agents,
  count(*) FILTER (WHERE floor(level) = 1) AS level_1,
  count(*) FILTER (WHERE floor(level) = 2) AS level_2,
  count(*) FILTER (WHERE floor(level) = 3) AS level_3,
  count(*) FILTER (WHERE floor(level) = 4) AS level_4,
  count(*) FILTER (WHERE floor(level) = 5) AS level_5,
  round(avg(level), 1) AS average_level,
  instance_id
FROM latest_proficiencies latest
CROSS JOIN parameters
WHERE latest.attribute_name IS NOT NULL
  AND (
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
GROUP BY instance_id, attribute_name, attribute_value
ORDER BY attribute_name, agents DESC, attribute_value, instance_id
