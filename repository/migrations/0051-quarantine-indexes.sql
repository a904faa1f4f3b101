-- Whether a connector is in quarantine follows from its last success and what failed after it. The planner takes the conditions for
-- rarer than they are and read every sync of every connector; from these indexes it reads one row each. A sync is one row
-- of each at the most, so they cost nothing that can be measured.

create index sync_success on syncline.sync (connector, ended_at desc)
where ended_at is not null and not dry_run and cardinality(tasks) = 4 and not coalesce(scope ? 'keys', false)
  and status in ('completed', 'completed-with-errors');

create index sync_failed on syncline.sync (connector, requested_mode, ended_at)
where ended_at is not null and not dry_run and cardinality(tasks) = 4 and not coalesce(scope ? 'keys', false)
  and status = 'failed' and trigger = 'scheduled';
