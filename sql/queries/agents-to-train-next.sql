-- Which agents should be trained next to close a coverage gap?
--
-- A gap is a coverage target (docs/configuration.md, Coverage targets) that is not met. Proficiencies
-- that somebody has and no target names are held to minimum_agents at minimum_level.
--
-- Parameters
--   candidates         agents to name for each gap, at least 1
--   minimum_agents     agents that a proficiency without a target needs (0: none, so that only targets count), at least 0
--   minimum_level      level at which it needs them, 1 to 5
--   proficiency_limit  the quota of proficiencies per agent that applies to the instance, at least 1
--
-- The agents nearest to the level come first, and among equals those with the fewest proficiencies.
-- An agent who does not have the proficiency at all (level is null) must have room for one more.
--
-- Reads (npm run test:trino measures it)
--   coverage_targets           its one object, once
--   latest_user_proficiencies  one object of every instance, three times
--
-- Example answer
--   attribute_name | attribute_value | minimum_level | gap | choice | username     | level | proficiency_count | instance_id
--   Language       | Cymraeg         |           4.0 |   2 |      1 | aisha.k.0311 |   3.0 |                 2 | 11111111...
--   Language       | Cymraeg         |           4.0 |   2 |      2 | olga.i.0224  |   3.0 |                 5 | 11111111...
WITH parameters AS (
  SELECT
    3 AS candidates,
    2 AS minimum_agents,
    4 AS minimum_level,
    10 AS proficiency_limit
),
instances AS (
  SELECT DISTINCT instance_id
  FROM latest_user_proficiencies
),
needs AS (
  SELECT
    instances.instance_id,
    targets.attribute_name,
    targets.attribute_value,
    targets.minimum_level,
    targets.minimum_agents,
    true AS is_target
  FROM coverage_targets targets
  CROSS JOIN instances
  WHERE targets.problem IS NULL
  UNION ALL
  SELECT
    latest.instance_id,
    latest.attribute_name,
    latest.attribute_value,
    CAST(parameters.minimum_level AS double) AS minimum_level,
    CAST(parameters.minimum_agents AS integer) AS minimum_agents,
    false AS is_target
  FROM latest_proficiencies latest
  CROSS JOIN parameters
  WHERE latest.attribute_name IS NOT NULL
  GROUP BY
    latest.instance_id,
    latest.attribute_name,
    latest.attribute_value,
    parameters.minimum_level,
    parameters.minimum_agents
  HAVING count(*) FILTER (WHERE latest.level >= parameters.minimum_level) < parameters.minimum_agents
),
weighed_needs AS (
  SELECT
    needs.*,
    bool_or(is_target) OVER (PARTITION BY instance_id, attribute_name, attribute_value) AS has_target
  FROM needs
),
agents AS (
  SELECT
    needs.attribute_name,
    needs.attribute_value,
    needs.minimum_level,
    needs.minimum_agents,
    latest.instance_id,
    latest.snapshot_date,
    latest.user_id,
    latest.username,
    latest.proficiency_count,
    max(latest.level) FILTER (
      WHERE latest.attribute_name = needs.attribute_name
        AND latest.attribute_value = needs.attribute_value
    ) AS level
  FROM weighed_needs needs
  JOIN latest_proficiencies latest
    ON latest.instance_id = needs.instance_id
  WHERE needs.is_target
    OR NOT needs.has_target
  GROUP BY
    needs.attribute_name,
    needs.attribute_value,
    needs.minimum_level,
    needs.minimum_agents,
    latest.instance_id,
    latest.snapshot_date,
    latest.user_id,
    latest.username,
    latest.proficiency_count
),
counted AS (
  SELECT
    agents.*,
    count(CASE WHEN level >= minimum_level THEN 1 END) OVER (
      PARTITION BY instance_id, attribute_name, attribute_value, minimum_level, minimum_agents
    ) AS have
  FROM agents
),
choices AS (
  SELECT
    counted.*,
    parameters.candidates,
    row_number() OVER (
      PARTITION BY
        counted.instance_id,
        counted.attribute_name,
        counted.attribute_value,
        counted.minimum_level,
        counted.minimum_agents
      ORDER BY counted.level DESC NULLS LAST, counted.proficiency_count, counted.username, counted.user_id
    ) AS choice
  FROM counted
  CROSS JOIN parameters
  WHERE counted.have < counted.minimum_agents
    AND (
      counted.level < counted.minimum_level
      OR counted.level IS NULL AND counted.proficiency_count < parameters.proficiency_limit
    )
)
SELECT
  attribute_name,
  attribute_value,
  minimum_level,
  minimum_agents AS need,
  have,
  minimum_agents - have AS gap,
  choice,
  username,
  level,
  proficiency_count,
  user_id,
  instance_id,
  snapshot_date
FROM choices
WHERE choice <= candidates
ORDER BY gap DESC, attribute_name, attribute_value, minimum_level, instance_id, choice
