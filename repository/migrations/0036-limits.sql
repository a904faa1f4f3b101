-- What the limits of a connector need to know of its syncs; see docs/decisions/0034-limits-that-fit.md.

alter table syncline.sync
  -- what apply has deleted, so that windows read a row for each sync and no changes
  add column applied_deletes integer not null default 0,
  add column applied_link_deletes integer not null default 0,
  -- of that, what a revert of this sync has brought back
  add column undone_deletes integer not null default 0,
  add column undone_link_deletes integer not null default 0,
  -- {thresholds, reason}: limits for this sync alone
  add column overrides jsonb;

-- the longest window counts the last seven days
update syncline.sync s set applied_deletes = counted.lines, applied_link_deletes = counted.links
from (
  select s.no, sum((t.value ->> 'deleted')::integer) as lines,
    sum((select coalesce(sum((l.value ->> 'deleted')::integer), 0) from jsonb_each(t.value -> 'links') l)) as links
  from syncline.sync s cross join lateral jsonb_each(s.counters) t
  where s.applied and s.applied_at > now() - interval '7 days'
  group by s.no
) counted
where counted.no = s.no and counted.lines + counted.links > 0;

create index sync_deletes on syncline.sync (connector, applied_at) where applied_deletes + applied_link_deletes > 0;
create index sync_window_held on syncline.sync (connector) where holds @> '[{"code": "window-exceeded"}]';
