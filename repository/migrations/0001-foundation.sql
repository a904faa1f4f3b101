-- The repository, the change tables and the records of syncs.
-- Everything lives in the schema syncline; staging tables, unlogged and short-lived, in syncline_staging.

create schema if not exists syncline_staging;

-- ── connectors ──────────────────────────────────────────────────────────────────────────────────────────────────────

create table syncline.connector (
  id integer generated always as identity primary key,
  name text collate "C" not null unique,
  display_name text not null,
  active boolean not null default true,
  newest_revision integer not null default 0,
  active_revision integer,
  -- What the last fully applied complete sync read, kept only while nothing has written to its resources since.
  -- null: the next complete sync must compare (pipeline.md, "nothing changed").
  unchanged_base jsonb,
  -- set by the first applied complete sync; until then an incremental one becomes complete
  first_complete_sync bigint,
  -- counts the syncs that wrote to its resources or links: equal to what a diff saw, nothing has changed since
  writes bigint not null default 0,
  created_at timestamptz not null default now()
);

create table syncline.connector_revision (
  connector integer not null references syncline.connector on delete cascade,
  revision integer not null,
  file jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (connector, revision)
);

-- the last discovery of a connector's tables and columns
create table syncline.connector_schema (
  connector integer primary key references syncline.connector on delete cascade,
  discovered_at timestamptz not null,
  connections jsonb not null
);

-- columns of a table as the last applied sync read them, to tell schema drift
create table syncline.source_columns (
  connector integer not null references syncline.connector on delete cascade,
  connection text not null,
  source_table text not null,
  columns text[] not null,
  primary key (connector, connection, source_table)
);

-- delta files already applied, each once
create table syncline.delta_taken (
  connector integer not null references syncline.connector on delete cascade,
  connection text not null,
  sha256 text not null,
  name text not null,
  sync bigint not null,
  taken_at timestamptz not null default now(),
  primary key (connector, connection, sha256)
);

-- ── entity types ────────────────────────────────────────────────────────────────────────────────────────────────────

create table syncline.entity_type (
  id integer generated always as identity primary key,
  connector integer not null references syncline.connector,
  name text collate "C" not null unique,
  display_name text not null,
  key_properties text[] not null,
  label_property text,
  -- [{name, type, multiValued, caseInsensitive, retired}] in file order
  properties jsonb not null,
  retired boolean not null default false
);
create index on syncline.entity_type (connector);

create table syncline.link_property (
  id integer generated always as identity primary key,
  entity_type integer not null references syncline.entity_type on delete cascade,
  name text collate "C" not null,
  target integer not null references syncline.entity_type,
  multi_valued boolean not null,
  retired boolean not null default false,
  unique (entity_type, name, target)
);
create index on syncline.link_property (target);

-- ── resources and links: current rows only ──────────────────────────────────────────────────────────────────────────
-- One partition an entity type and a link property, created standalone and attached (attaching does not lock readers).
-- Each resource partition has unique (key) include (id) and unique (id); the hash stands in no index, so updates are HOT.

create sequence syncline.resource_id;

create table syncline.resource (
  id bigint not null default nextval('syncline.resource_id'),
  entity_type integer not null,
  key text collate "C" not null,
  attributes jsonb not null,
  hash bigint not null generated always as (jsonb_hash_extended(attributes, 0)) stored
) partition by list (entity_type);

create table syncline.link (
  property integer not null,
  source bigint not null,
  target bigint not null
) partition by list (property);

-- ── syncs ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create table syncline.sync (
  no bigint generated always as identity primary key,
  id uuid not null unique,
  connector integer not null references syncline.connector on delete cascade,
  mode text not null,
  requested_mode text not null,
  tasks text[] not null,
  scope jsonb,
  dry_run boolean not null default false,
  status text not null,
  applied boolean not null default false,
  trigger text not null,
  priority text not null,
  job text,
  execution_id uuid,
  synced_by text not null,
  config_revision integer not null,
  workflow_id text not null,
  run_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  phase text,
  progress jsonb not null default '{"rowsExported": 0, "rowsPrepared": 0, "rowsRejected": 0}',
  completeness jsonb not null default '{}',
  deletes_withheld integer not null default 0,
  overtaken integer not null default 0,
  digest text,
  change_count integer,
  counters jsonb not null default '{}',
  thresholds jsonb not null default '[]',
  holds jsonb not null default '[]',
  causes jsonb not null default '[]',
  waiting_for jsonb,
  decision jsonb,
  error jsonb,
  -- when its export began: decides which of two overlapping syncs read the newer state
  export_started_at timestamptz,
  -- the completed attempt in the export store: {syncId, attempt}
  export_ref jsonb,
  -- what prepare staged and counted, see activities/prepare.ts
  preparation jsonb,
  -- connector id → its writes as the diff saw them
  diff_basis jsonb,
  applied_at timestamptz
);
create index on syncline.sync (connector, no desc);
create index on syncline.sync (status) where status in ('queued', 'running', 'held');
create index on syncline.sync (created_at);

-- Decisions asked for by people: the reason is theirs and stays here; Temporal sees the id only.
create table syncline.decision (
  id uuid primary key,
  sync bigint not null references syncline.sync on delete cascade,
  action text not null,
  digest text not null,
  decided_by text not null,
  reason text,
  decided_at timestamptz not null default now()
);

create table syncline.sync_error (
  seq bigint generated always as identity primary key,
  sync bigint not null references syncline.sync on delete cascade,
  entity_type text not null,
  source_table text not null,
  line bigint,
  column_name text,
  property text,
  key text[],
  code text not null,
  message text not null,
  effect text not null
);
create index on syncline.sync_error (sync, seq);

-- log lines, progress and status of a sync, in the order they are told: GET …/log and the event stream read it
create table syncline.sync_event (
  seq bigint generated always as identity primary key,
  sync bigint not null references syncline.sync on delete cascade,
  at timestamptz not null default clock_timestamp(),
  type text not null check (type in ('log', 'progress', 'status')),
  data jsonb not null
);
create index on syncline.sync_event (sync, seq);

-- ── changes: the list a person reviews, the journal, and the history of every resource ──────────────────────────────
-- operation: i insert, u update, d delete. Written once; only overtaken is ever set afterwards.

create table syncline.change (
  seq bigint generated always as identity,
  sync bigint not null,
  entity_type integer not null,
  operation "char" not null,
  resource bigint not null,
  key text collate "C" not null,
  before jsonb,
  after jsonb,
  before_hash bigint,
  overtaken boolean not null default false
);
create index change_sync on syncline.change (sync, seq);
create index change_key on syncline.change (entity_type, key, sync);

create table syncline.link_change (
  seq bigint generated always as identity,
  sync bigint not null,
  property integer not null,
  operation "char" not null,
  source bigint not null,
  target bigint not null,
  source_key text collate "C" not null,
  target_key text collate "C" not null,
  -- a mono-valued link moved from here (operation u)
  before_target bigint,
  before_target_key text collate "C",
  overtaken boolean not null default false
);
create index link_change_sync on syncline.link_change (sync, seq);
create index link_change_source on syncline.link_change (property, source_key, sync);

-- One look at a connector's sources (test, schema): asked for by the API, answered by a worker beside the source.
-- The file stands here, not in Temporal; rows older than a day are of no use to anyone.
create table syncline.inspection (
  id uuid primary key,
  kind text not null check (kind in ('test', 'schema')),
  file jsonb not null,
  -- test: [{connection, ok, message, code?}]; schema: [{connection, tables: [...]}]
  result jsonb,
  created_at timestamptz not null default now()
);

-- ── the API ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table syncline.idempotency (
  key text primary key,
  request_hash text not null,
  -- null while the first request is still being answered
  status integer,
  headers jsonb,
  body jsonb,
  created_at timestamptz not null default now()
);
create index on syncline.idempotency (created_at);

-- ── staging ─────────────────────────────────────────────────────────────────────────────────────────────────────────
-- A row says that the attempt's staging tables are whole. Crash recovery empties unlogged tables, so after one the row
-- is gone as well and the diff knows to prepare again.

create unlogged table syncline_staging.marker (
  sync bigint not null,
  attempt text not null,
  primary key (sync, attempt)
);

-- Patches of one key in order: a later value, null included, replaces an earlier one.
create aggregate syncline.jsonb_merge(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');
