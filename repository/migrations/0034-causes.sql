-- A cause has an id, a share, evidence, a hint and how often it was meant. Causes that were stored before get what can still
-- be said of them.

-- Which rows of the change set a cause explains: {<id of the cause>: [term, …]}, see repository/causes/explained.ts. It may
-- have values of rows, so it goes with the changes.
alter table syncline.sync add column cause_rows jsonb;

update syncline.sync s set causes = (
  select jsonb_agg(
    jsonb_build_object(
      'id', 'c' || n,
      'share', round(least(1, (cause ->> 'lines')::numeric / greatest(1, coalesce(s.change_count, 1))), 4),
      'evidence', '{"counts": {}, "changes": []}'::jsonb,
      'hint', 'Review the changes before you decide.',
      'meant', 'maybe') || cause
    order by n)
  from jsonb_array_elements(s.causes) with ordinality as each (cause, n)
)
where jsonb_array_length(s.causes) > 0;
