-- Jobs, their executions and the results of those. Temporal's schedules are made from these rows, never the other way.

create table syncline.job (
  name text collate "C" primary key,
  mode text not null,
  -- names of connectors, or * alone
  connectors text[] not null,
  managed_only boolean not null default false,
  cron text not null,
  timezone text not null,
  overlap text not null,
  paused boolean not null default false,
  pause_note text,
  -- came with the product
  builtin boolean not null default false,
  -- counts the changes: what If-Match compares
  revision integer not null default 1,
  -- every scheduled time until then is done with, by that execution (domain/claim.ts)
  covered_until timestamptz,
  covered_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table syncline.execution (
  no bigint generated always as identity primary key,
  id uuid not null unique,
  -- by name: executions outlive their job
  job text collate "C" not null,
  -- what the job said when it began
  mode text,
  managed_only boolean not null default false,
  status text not null,
  trigger text not null,
  started_by text not null,
  workflow_id text,
  run_id text,
  -- when the schedule wanted it; null where a person asked
  scheduled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  -- a code: why it was skipped or failed
  reason text,
  -- the execution that it met
  met uuid,
  -- its connectors stand in execution_result
  planned boolean not null default false
);
create index on syncline.execution (job, no desc);
create index on syncline.execution (created_at);
-- one runs, one waits
create unique index on syncline.execution (job) where status = 'running';
create unique index on syncline.execution (job) where status = 'waiting';
create index on syncline.execution (no) where ended_at is null;

create table syncline.execution_result (
  execution uuid not null references syncline.execution (id) on delete cascade,
  -- the order in which they are taken
  position integer not null,
  connector text collate "C" not null,
  -- connectors that are to be settled before
  after text[] not null default '{}',
  sync_id uuid,
  -- of the sync when the execution let go of it: queued until then
  status text not null,
  reason text,
  -- the sync that was in the way
  met_sync uuid,
  met_status text,
  settled_at timestamptz,
  primary key (execution, connector)
);

create index on syncline.sync (execution_id) where execution_id is not null;
create index on syncline.sync (job, no desc) where job is not null;

-- What there is out of the box; a default that somebody deletes stays deleted. `incremental` takes the odd hours, out of the
-- way of `complete`.
insert into syncline.job (name, mode, connectors, managed_only, cron, timezone, overlap, builtin) values
  ('complete', 'complete', '{*}', false, '0 2 * * *', 'UTC', 'skip', true),
  ('incremental', 'incremental', '{*}', false, '0 1-23/2 * * *', 'UTC', 'skip', true),
  ('managed', 'complete', '{*}', true, '30 */4 * * *', 'UTC', 'skip', true),
  ('reconcile', 'complete', '{*}', false, '0 22 * * MON,WED,FRI', 'UTC', 'wait', true);
