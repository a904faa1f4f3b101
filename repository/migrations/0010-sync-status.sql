-- What is wrong now, and which sync last spoke for what: GET /v1/sync-errors and GET /v1/sync-status read these, so that
-- neither goes through the errors of every sync or through resources.

-- One thing that went wrong for one object, table or sync, since it last synchronised without it: repository/open-errors.ts.
create table syncline.open_error (
  id bigint generated always as identity primary key,
  connector integer not null references syncline.connector on delete cascade,
  -- hash of what makes it the same error when it is seen again
  identity uuid not null,
  -- null: of a whole sync
  entity_type text collate "C",
  source_table text,
  line bigint,
  column_name text,
  property text,
  -- null: no object can be named, the error is its table's
  key text[],
  code text not null,
  message text not null,
  effect text not null check (effect in ('row-rejected', 'link-rejected', 'sync-failed')),
  -- what clears it: a sync that reads the object; or any sync, one of everything, a complete one of everything
  cleared_by text not null check (cleared_by in ('read', 'any-sync', 'whole-sync', 'complete-sync')),
  -- rows of the sync that saw it last
  occurrences bigint not null default 1,
  -- whether there is a resource under the key, as of the last sync that ended
  stored boolean not null default false,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  -- when the sync that saw it last began to read: an older read neither clears nor replaces it
  read_at timestamptz not null,
  -- the sync that saw it last
  sync bigint not null references syncline.sync on delete cascade,
  unique (connector, identity)
);
create index on syncline.open_error (last_seen desc, id desc);
create index on syncline.open_error (connector, last_seen desc, id desc);
create index on syncline.open_error (sync);

-- Incremental syncs: open errors about objects that the sync has read, found while its rows are staged.
create table syncline.open_error_read (
  sync bigint not null references syncline.sync on delete cascade,
  -- of open_error; it may be cleared meanwhile
  error bigint not null,
  primary key (sync, error)
);

-- How many more errors there are of an entity type than are kept of its connector.
create table syncline.open_error_surplus (
  connector integer not null references syncline.connector on delete cascade,
  entity_type text collate "C" not null,
  rejected_rows bigint not null,
  -- those of them with a resource under their key
  rejected_stored bigint not null,
  rejected_links bigint not null,
  primary key (connector, entity_type)
);

-- The last applied sync that read an entity type, and the last complete one that read all of it.
create table syncline.entity_type_sync (
  entity_type integer primary key references syncline.entity_type on delete cascade,
  last_sync bigint references syncline.sync on delete set null,
  complete_sync bigint references syncline.sync on delete set null
);

insert into syncline.entity_type_sync (entity_type, last_sync, complete_sync)
select t.id, max(s.no), max(s.no) filter (where s.mode = 'complete' and s.scope -> 'keys' is null)
from syncline.entity_type t join syncline.sync s on s.connector = t.connector
where s.applied and s.trigger <> 'purge' and 'synchronize' = any(s.tasks)
  and coalesce(s.scope -> 'entityTypes' ? t.name, true) and coalesce(s.scope -> 'keys' ? t.name, true)
group by t.id;

create index on syncline.sync (connector, no desc) where applied;
create index on syncline.entity_type_sync (last_sync);
create index on syncline.entity_type_sync (complete_sync);
