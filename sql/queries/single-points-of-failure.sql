-- Which proficiencies hang on one person (or on very few)?
--
-- Parameters
--   minimum_level    lowest level at which an agent counts, 1 to 5
--   maximum_agents   most agents that still make it a risk, at least 1
--   team             name of a group of the agent hierarchy, of any level; null for all agents
--   routing_profile  name of a routing profile; null for all agents
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   attribute_name | attribute_value | agents | who          | agents_below_level | instance_id
--   Certification  | Fraud desk      |      1 | aisha.k.0311 |                  2 | 11111111...
WITH parameters AS (
  SELECT
    4 AS minimum_level,
    1 AS maximum_agents,
    CAST(NULL AS varchar) AS team,
    CAST(NULL AS varchar) AS routing_profile
),
holders AS (
  SELECT
    latest.instance_id,
    latest.attribute_name,
    latest.attribute_value,
    coalesce(latest.username, latest.user_id) AS who,
    latest.level >= parameters.minimum_level AS counts
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
)
SELECT
  attribute_name,
  attribute_value,
  count(*) FILTER (WHERE counts) AS agents,
  array_join(array_agg(who ORDER BY who) FILTER (WHERE counts), ', ') AS who,
  count(*) FILTER (WHERE NOT counts) AS agents_below_level,
  instance_id
FROM holders
GROUP BY instance_id, attribute_name, attribute_value
HAVING count(*) FILTER (WHERE counts) BETWEEN 1 AND (SELECT maximum_agents FROM parameters)
ORDER BY agents, attribute_name, attribute_value, instance_id
