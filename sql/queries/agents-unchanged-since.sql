-- Which agents' proficiencies have not changed for a long time?
--
-- Parameters
--   days             fewest days without a change, up to the date of the newest snapshot, at least 0
--   team             name of a group of the agent hierarchy, of any level; null for all agents
--   routing_profile  name of a routing profile; null for all agents
--
-- The time is Connect's own. A review that confirmed every level is not a change, so it does not
-- show. Agents for whom Connect gives no time come last, with nulls: how long theirs have been as
-- they are is not known.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   username     | days_unchanged | proficiencies_modified_at | proficiency_count | user_id     | instance_id | snapshot_date
--   olga.i.0224  |            402 | 2025-10-17 09:14:02.000   |                 4 | 5be3a911... | 11111111... | 2026-11-23
--   anna.m.0007  |                |                           |                 0 | 2c9e03aa... | 11111111... | 2026-11-23
WITH parameters AS (
  SELECT
    365 AS days,
    CAST(NULL AS varchar) AS team,
    CAST(NULL AS varchar) AS routing_profile
)
SELECT DISTINCT
  latest.username,
  date_diff('day', CAST(latest.proficiencies_modified_at AS date), latest.snapshot_date) AS days_unchanged,
  latest.proficiencies_modified_at,
  latest.proficiency_count,
  latest.user_id,
  latest.instance_id,
  latest.snapshot_date
FROM latest_proficiencies latest
CROSS JOIN parameters
WHERE (
    latest.proficiencies_modified_at IS NULL
    OR date_diff('day', CAST(latest.proficiencies_modified_at AS date), latest.snapshot_date) >= parameters.days
  )
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
ORDER BY days_unchanged DESC NULLS LAST, latest.username, latest.user_id, latest.instance_id
