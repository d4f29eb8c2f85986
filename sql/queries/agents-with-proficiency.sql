-- Which agents have a proficiency at a level or more?
--
-- Parameters
--   attribute_name   name of the predefined attribute
--   attribute_value  value of the attribute
--   minimum_level    lowest level that counts, 1 to 5
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
    4 AS minimum_level
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
ORDER BY latest.level DESC, latest.username, latest.user_id, latest.instance_id
