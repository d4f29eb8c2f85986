-- How did the exports go, and which days have no snapshot?
--
-- Parameters
--   as_of  the day up to which snapshots are expected; null: today, UTC
--
-- The verdict names the first of: 'counts do not add up' (users listed are not those exported,
-- deleted and failed), 'rows missing' (the table has other rows than the run wrote), 'users failed',
-- 'gap after' (the next snapshot came late, or has not come by as_of), 'ok'.
--
-- The schedule in force when a snapshot was made says when the next one is due (export_runs.next_due).
-- missing_days_after counts the days from then on until there was one: after a weekly snapshot that
-- was left out, 7. Where no schedule is known, as on a laptop, no day counts; snapshots of version
-- 0.1 do not know their schedule, and every day counts.
--
-- Reads (npm run test:trino measures it)
--   user_proficiencies  one object of every instance and date, once
--   export_runs         one object of every instance and date, once
--
-- Example answer
--   snapshot_date | verdict   | missing_days_after | minutes | users_listed | users_exported | rows_found | users_failed | throttled_percent | trigger
--   2026-11-23    | ok        |                  0 |    83.4 |        10000 |           9998 |       9998 |            0 |               0.4 | schedule
--   2026-11-20    | gap after |                  2 |    83.1 |         9990 |           9990 |       9990 |            0 |               0.3 | schedule
WITH parameters AS (
  SELECT
    CAST(NULL AS date) AS as_of
),
found AS (
  SELECT instance_id, snapshot_date, count(*) AS rows_found
  FROM user_proficiencies
  GROUP BY instance_id, snapshot_date
),
runs AS (
  SELECT
    export_runs.instance_id,
    export_runs.snapshot_date,
    export_runs.run_id,
    export_runs.trigger,
    export_runs.slices,
    export_runs.users_listed,
    export_runs.users_exported,
    export_runs.users_deleted_during_run,
    export_runs.users_failed,
    coalesce(found.rows_found, 0) AS rows_found,
    round(
      date_diff(
        'millisecond',
        from_iso8601_timestamp(export_runs.started_at),
        from_iso8601_timestamp(export_runs.finished_at)
      ) / 6e4,
      1
    ) AS minutes,
    export_runs.requests.list_users.throttled
      + export_runs.requests.list_user_proficiencies.throttled AS throttled,
    export_runs.requests.list_users.ok
      + export_runs.requests.list_users.retried
      + export_runs.requests.list_user_proficiencies.ok
      + export_runs.requests.list_user_proficiencies.retried AS not_throttled,
    export_runs.next_due,
    coalesce(
      lead(export_runs.snapshot_date) OVER (
        PARTITION BY export_runs.instance_id
        ORDER BY export_runs.snapshot_date
      ),
      parameters.as_of,
      current_date
    ) AS next_date
  FROM export_runs
  CROSS JOIN parameters
  LEFT JOIN found
    ON found.instance_id = export_runs.instance_id
    AND found.snapshot_date = export_runs.snapshot_date
),
judged AS (
  SELECT
    runs.*,
    greatest(
      0,
      CASE
        WHEN next_due IS NULL THEN date_diff('day', snapshot_date, next_date) - 1
        WHEN next_due = 'none' THEN 0
        ELSE date_diff('day', CAST(nullif(next_due, 'none') AS date), next_date)
      END
    ) AS missing_days_after
  FROM runs
)
SELECT
  snapshot_date,
  CASE
    WHEN users_listed <> users_exported + users_deleted_during_run + users_failed THEN 'counts do not add up'
    WHEN rows_found <> users_exported THEN 'rows missing'
    WHEN users_failed > 0 THEN 'users failed'
    WHEN missing_days_after > 0 THEN 'gap after'
    ELSE 'ok'
  END AS verdict,
  missing_days_after,
  minutes,
  slices,
  users_listed,
  users_exported,
  rows_found,
  users_deleted_during_run,
  users_failed,
  round(1e2 * throttled / greatest(1, throttled + not_throttled), 1) AS throttled_percent,
  trigger,
  run_id,
  instance_id
FROM judged
ORDER BY snapshot_date DESC, instance_id
