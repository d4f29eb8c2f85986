-- Which proficiencies do agents of one instance have that nobody in another has?
--
-- Parameters
--   instance_id  id of the instance in which somebody has them; null for all
--   missing_in   id of the instance in which nobody has them; null for all
--
-- Attributes and values are compared exactly: one spelt in two ways has a line for each. An instance
-- without users is compared with none.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, three times
--
-- Example answer
--   attribute_name | attribute_value | agents | instance_id | missing_in
--   Language       | Cymraeg         |      4 | 11111111... | 22222222...
--   Language       | cymraeg         |      1 | 22222222... | 11111111...
WITH parameters AS (
  SELECT
    CAST(NULL AS varchar) AS instance_id,
    CAST(NULL AS varchar) AS missing_in
),
held AS (
  SELECT instance_id, attribute_name, attribute_value, count(*) AS agents
  FROM latest_proficiencies
  WHERE attribute_name IS NOT NULL
  GROUP BY instance_id, attribute_name, attribute_value
),
instances AS (
  SELECT DISTINCT instance_id
  FROM latest_user_proficiencies
)
SELECT
  held.attribute_name,
  held.attribute_value,
  held.agents,
  held.instance_id,
  others.instance_id AS missing_in
FROM held
CROSS JOIN parameters
JOIN instances others
  ON others.instance_id <> held.instance_id
LEFT JOIN held there
  ON there.instance_id = others.instance_id
  AND there.attribute_name = held.attribute_name
  AND there.attribute_value = held.attribute_value
WHERE there.instance_id IS NULL
  AND held.instance_id = coalesce(parameters.instance_id, held.instance_id)
  AND others.instance_id = coalesce(parameters.missing_in, others.instance_id)
ORDER BY held.attribute_name, held.attribute_value, held.instance_id, others.instance_id
