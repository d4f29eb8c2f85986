-- Which agents are near the limit of proficiencies per agent?
--
-- Connect's default quota is 10 proficiencies per user; it can be raised.
--
-- Parameters
--   proficiency_limit  the quota that applies to the instance, at least 1
--   warn_at            number of proficiencies from which an agent is shown, at least 0
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   username     | proficiency_count | still_free | user_id     | instance_id | snapshot_date
--   priya.p.0148 |                10 |          0 | 9ad2f7c0... | 11111111... | 2026-11-23
--   james.s.0015 |                 9 |          1 | 5be3a911... | 11111111... | 2026-11-23
WITH parameters AS (
  SELECT
    10 AS proficiency_limit,
    9 AS warn_at
)
SELECT DISTINCT
  latest.username,
  latest.proficiency_count,
  greatest(0, parameters.proficiency_limit - latest.proficiency_count) AS still_free,
  latest.user_id,
  latest.instance_id,
  latest.snapshot_date
FROM latest_proficiencies latest
JOIN parameters
  ON latest.proficiency_count >= parameters.warn_at
ORDER BY latest.proficiency_count DESC, latest.username, latest.user_id, latest.instance_id
