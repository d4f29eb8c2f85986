-- Which teams have agents for each value of an attribute, and how many at a level?
--
-- Parameters
--   attribute_name   name of the predefined attribute
--   attribute_value  value of the attribute; null for all that somebody has
--   minimum_level    lowest level at which an agent counts as able, 1 to 5
--   hierarchy_level  level of the agent hierarchy whose groups are the teams, 1 to 5
--   routing_profile  name of a routing profile; null for all agents
--
-- A team is written with the groups above it; null stands for agents in none. A team without such
-- agents has a line, too, with zero.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, three times
--
-- Example answer
--   attribute_value | team               | agents_in_team | agents | able | average_level | instance_id | snapshot_date
--   French          | Manchester / Sales |             57 |      0 |    0 |               | 11111111... | 2026-11-23
--   French          | Lisboa / Service   |             31 |      8 |    3 |           3.1 | 11111111... | 2026-11-23
WITH parameters AS (
  SELECT
    'Language' AS attribute_name,
    CAST(NULL AS varchar) AS attribute_value,
    4 AS minimum_level,
    2 AS hierarchy_level,
    CAST(NULL AS varchar) AS routing_profile
),
members AS (
  SELECT
    latest.instance_id,
    latest.snapshot_date,
    latest.user_id,
    coalesce(
      array_join(
        slice(
          ARRAY[
            latest.hierarchy_level_1,
            latest.hierarchy_level_2,
            latest.hierarchy_level_3,
            latest.hierarchy_level_4,
            latest.hierarchy_level_5
          ],
          1,
          CAST(parameters.hierarchy_level AS integer)
        ),
        ' / '
      ),
      ''
    ) AS team,
    latest.attribute_name = parameters.attribute_name AS has_attribute,
    latest.attribute_value,
    latest.level,
    latest.level >= parameters.minimum_level AS is_able
  FROM latest_proficiencies latest
  CROSS JOIN parameters
  WHERE parameters.routing_profile IS NULL
    OR latest.routing_profile_name = parameters.routing_profile
),
teams AS (
  SELECT
    instance_id,
    snapshot_date,
    team,
    count(DISTINCT user_id) AS agents_in_team
  FROM members
  GROUP BY instance_id, snapshot_date, team
),
wanted AS (
  SELECT DISTINCT
    members.instance_id,
    coalesce(parameters.attribute_value, members.attribute_value) AS attribute_value
  FROM members
  CROSS JOIN parameters
  WHERE members.has_attribute
    OR parameters.attribute_value IS NOT NULL
)
SELECT
  wanted.attribute_value,
  nullif(teams.team, '') AS team,
  teams.agents_in_team,
  count(members.user_id) AS agents,
  count(*) FILTER (WHERE members.is_able) AS able,
  round(avg(members.level), 1) AS average_level,
  teams.instance_id,
  teams.snapshot_date
FROM teams
JOIN wanted
  ON wanted.instance_id = teams.instance_id
LEFT JOIN members
  ON members.instance_id = teams.instance_id
  AND members.team = teams.team
  AND members.has_attribute
  AND members.attribute_value = wanted.attribute_value
GROUP BY
  wanted.attribute_value,
  teams.team,
  teams.agents_in_team,
  teams.instance_id,
  teams.snapshot_date
ORDER BY wanted.attribute_value, able, nullif(teams.team, ''), teams.instance_id
