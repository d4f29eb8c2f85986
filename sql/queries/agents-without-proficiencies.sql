-- Which agents have no proficiency at all?
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--
-- Example answer
--   username    | user_id     | user_modified_at        | instance_id | snapshot_date
--   anna.m.0007 | 2c9e03aa... | 2026-11-20 09:14:02.000 | 11111111... | 2026-11-23
SELECT
  username,
  user_id,
  user_modified_at,
  instance_id,
  snapshot_date
FROM latest_proficiencies
WHERE proficiency_count = 0
ORDER BY username, user_id, instance_id
