-- How has the number of agents with a proficiency changed over time?
--
-- Parameters
--   attribute_name   name of the predefined attribute
--   attribute_value  value of the attribute
--   minimum_level    lowest level at which an agent counts as able, 1 to 5
--   period           how much time a line stands for, one of day, week, month
--
-- Each period has one line, that of its last snapshot; weeks begin on Monday. Old snapshots are not
-- read: the query starts from the newest one and undoes the changes, one date after the other. The
-- answer goes back as far as the changes do without a gap. A newest snapshot without users has no line.
--
-- Reads (npm run test:trino measures it)
--   snapshot_changes           one object of every instance and date, once
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   snapshot_date | agents | able | average_level | instance_id
--   2026-10-31    |     55 |   17 |           3.1 | 11111111...
--   2026-11-23    |     57 |   21 |           3.2 | 11111111...
WITH parameters AS (
  SELECT
    'Language' AS attribute_name,
    'French' AS attribute_value,
    4 AS minimum_level,
    'month' AS period
),
steps AS (
  SELECT
    instance_id,
    snapshot_date,
    CAST(NULL AS date) AS compared_with,
    attribute_name,
    attribute_value,
    level,
    CAST(NULL AS double) AS later_level
  FROM latest_proficiencies
  UNION ALL
  SELECT
    instance_id,
    previous_snapshot_date AS snapshot_date,
    snapshot_date AS compared_with,
    attribute_name,
    attribute_value,
    previous_level AS level,
    level AS later_level
  FROM snapshot_changes
),
levels AS (
  SELECT
    steps.instance_id,
    steps.snapshot_date,
    steps.compared_with,
    parameters.minimum_level,
    parameters.period,
    CASE
      WHEN steps.attribute_name = parameters.attribute_name
        AND steps.attribute_value = parameters.attribute_value
      THEN steps.level
    END AS level,
    CASE
      WHEN steps.attribute_name = parameters.attribute_name
        AND steps.attribute_value = parameters.attribute_value
      THEN steps.later_level
    END AS later_level
  FROM steps
  CROSS JOIN parameters
),
differences AS (
  SELECT
    instance_id,
    snapshot_date,
    max(compared_with) AS compared_with,
    date_trunc(period, snapshot_date) AS first_day,
    count(level) - count(later_level) AS agents,
    count(*) FILTER (WHERE level >= minimum_level)
      - count(*) FILTER (WHERE later_level >= minimum_level) AS able,
    coalesce(sum(level), 0) - coalesce(sum(later_level), 0) AS levels
  FROM levels
  GROUP BY instance_id, snapshot_date, period
),
sums AS (
  SELECT
    instance_id,
    snapshot_date,
    max(snapshot_date) OVER (PARTITION BY instance_id, first_day) AS last_date,
    sum(agents) OVER (PARTITION BY instance_id ORDER BY snapshot_date DESC) AS agents,
    sum(able) OVER (PARTITION BY instance_id ORDER BY snapshot_date DESC) AS able,
    sum(levels) OVER (PARTITION BY instance_id ORDER BY snapshot_date DESC) AS levels,
    compared_with <> lag(snapshot_date) OVER (PARTITION BY instance_id ORDER BY snapshot_date DESC) AS is_broken
  FROM differences
),
series AS (
  SELECT
    sums.*,
    count(CASE WHEN is_broken THEN 1 END) OVER (PARTITION BY instance_id ORDER BY snapshot_date DESC) AS breaks
  FROM sums
)
SELECT
  snapshot_date,
  CAST(agents AS bigint) AS agents,
  CAST(able AS bigint) AS able,
  round(levels / nullif(agents, 0), 1) AS average_level,
  instance_id
FROM series
WHERE snapshot_date = last_date
  AND breaks = 0
ORDER BY instance_id, snapshot_date
