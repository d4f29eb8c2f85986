-- Which predefined attributes and values does nobody have?
--
-- The value is null where the attribute has none, so that nobody can have it. An attribute may be for
-- contacts alone: purposes tells, as far as Connect does. An instance without users has no lines.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, twice
--   predefined_attributes      one object of every instance and date, once
--
-- Example answer
--   attribute_name | attribute_value | purposes | instance_id | snapshot_date
--   Language       | Suomi           | Routing  | 11111111... | 2026-11-23
WITH newest AS (
  SELECT DISTINCT instance_id, run_id
  FROM latest_user_proficiencies
),
held AS (
  SELECT DISTINCT instance_id, attribute_name, attribute_value
  FROM latest_proficiencies
  WHERE attribute_name IS NOT NULL
)
SELECT
  defined.attribute_name,
  defined.attribute_value,
  array_join(defined.purposes, ', ') AS purposes,
  defined.instance_id,
  defined.snapshot_date
FROM predefined_attributes defined
JOIN newest
  ON newest.instance_id = defined.instance_id
  AND newest.run_id = defined.run_id
LEFT JOIN held
  ON held.instance_id = defined.instance_id
  AND held.attribute_name = defined.attribute_name
  AND held.attribute_value = defined.attribute_value
WHERE held.instance_id IS NULL
ORDER BY defined.attribute_name, defined.attribute_value NULLS FIRST, defined.instance_id
