-- Which coverage targets are met, which are not, and who is one level short?
--
-- The targets are the lines of targets/coverage.csv (docs/configuration.md, Coverage targets). Each is compared with every
-- instance that has users; also where nobody has the proficiency. One level short is who lacks at most one whole level; the
-- first ten are named.
--
-- Reads (npm run test:trino measures it)
--   coverage_targets           its one object, once
--   latest_user_proficiencies  one object of every instance, twice
--
-- Example answer
--   attribute_name | attribute_value | minimum_level | need | have | gap | one_level_short | who_is_one_level_short   | instance_id | snapshot_date
--   Language       | Cymraeg         |           4.0 |    6 |    4 |   2 |               2 | aisha.k.0311, olga.i.022 | 11111111... | 2026-11-23
--   Certification  | PCI DSS         |           3.0 |   25 |   31 |   0 |               7 | emma.p.0090, sean.k.0077 | 11111111... | 2026-11-23
WITH targets AS (
  SELECT attribute_name, attribute_value, minimum_level, minimum_agents
  FROM coverage_targets
  WHERE problem IS NULL
),
instances AS (
  SELECT DISTINCT instance_id, snapshot_date
  FROM latest_user_proficiencies
),
held AS (
  SELECT
    instance_id,
    attribute_name,
    attribute_value,
    level,
    coalesce(username, user_id) AS who
  FROM latest_proficiencies
  WHERE attribute_name IS NOT NULL
),
counted AS (
  SELECT
    targets.attribute_name,
    targets.attribute_value,
    targets.minimum_level,
    targets.minimum_agents,
    instances.instance_id,
    instances.snapshot_date,
    count(*) FILTER (WHERE held.level >= targets.minimum_level) AS have,
    count(*) FILTER (
      WHERE held.level < targets.minimum_level
        AND held.level >= targets.minimum_level - 1
    ) AS one_level_short,
    array_agg(held.who ORDER BY held.who) FILTER (
      WHERE held.level < targets.minimum_level
        AND held.level >= targets.minimum_level - 1
    ) AS names
  FROM targets
  CROSS JOIN instances
  LEFT JOIN held
    ON held.instance_id = instances.instance_id
    AND held.attribute_name = targets.attribute_name
    AND held.attribute_value = targets.attribute_value
  GROUP BY
    targets.attribute_name,
    targets.attribute_value,
    targets.minimum_level,
    targets.minimum_agents,
    instances.instance_id,
    instances.snapshot_date
)
SELECT
  attribute_name,
  attribute_value,
  minimum_level,
  minimum_agents AS need,
  have,
  greatest(minimum_agents - have, 0) AS gap,
  one_level_short,
  array_join(slice(names, 1, 10), ', ') AS who_is_one_level_short,
  instance_id,
  snapshot_date
FROM counted
ORDER BY gap DESC, attribute_name, attribute_value, minimum_level, instance_id
