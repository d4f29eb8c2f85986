-- Which attributes and values do agents have that are no longer defined?
--
-- Routing cannot ask for them. missing is 'attribute' where the whole attribute is gone, and 'value'
-- where it has other values. who lists the first ten. Snapshots without predefined attributes have no lines.
--
-- Reads (npm run test:trino measures it)
--   latest_user_proficiencies  one object of every instance, once
--   predefined_attributes      one object of every instance and date, once
--
-- Example answer
--   attribute_name | attribute_value    | missing | agents | who                        | instance_id
--   Certification  | Complaints level 1 | value   |      2 | aisha.k.0311, ben.m.0042   | 11111111...
WITH held AS (
  SELECT
    latest.instance_id,
    latest.run_id,
    latest.attribute_name,
    latest.attribute_value,
    count(*) AS agents,
    array_agg(coalesce(latest.username, latest.user_id) ORDER BY coalesce(latest.username, latest.user_id)) AS names
  FROM latest_proficiencies latest
  WHERE latest.attribute_name IS NOT NULL
  GROUP BY
    latest.instance_id,
    latest.run_id,
    latest.attribute_name,
    latest.attribute_value
)
SELECT
  held.attribute_name,
  held.attribute_value,
  CASE
    WHEN bool_or(defined.attribute_name = held.attribute_name) THEN 'value'
    ELSE 'attribute'
  END AS missing,
  held.agents,
  array_join(slice(held.names, 1, 10), ', ') AS who,
  held.instance_id
FROM held
JOIN predefined_attributes defined
  ON defined.instance_id = held.instance_id
  AND defined.run_id = held.run_id
GROUP BY
  held.attribute_name,
  held.attribute_value,
  held.agents,
  held.names,
  held.instance_id
HAVING count(*) FILTER (
  WHERE defined.attribute_name = held.attribute_name
    AND defined.attribute_value = held.attribute_value
) = 0
ORDER BY held.agents DESC, held.attribute_name, held.attribute_value, held.instance_id
