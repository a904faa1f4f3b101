-- Managed and unmanaged resources. The flag stands in no index, so updates stay HOT, and not in the hash: it is no attribute.

alter table syncline.resource add column managed boolean not null default true;

-- rule, hand, or null: all resources of the type are managed
alter table syncline.entity_type add column managed_by text check (managed_by in ('rule', 'hand'));
alter table syncline.entity_type add column users boolean not null default false;

-- What people chose, the last choice for each key: it is kept when the resource goes, and holds again when it comes back.
create table syncline.managed_choice (
  entity_type integer not null references syncline.entity_type on delete cascade,
  key text collate "C" not null,
  managed boolean not null,
  chosen_by text not null,
  chosen_at timestamptz not null default clock_timestamp(),
  primary key (entity_type, key)
);

-- Flags that a rule gives otherwise than they are stored, from the diff of a sync until it is applied.
create table syncline.managed_change (
  sync bigint not null,
  entity_type integer not null,
  resource bigint not null,
  managed boolean not null,
  -- of the stored resource that the diff saw; null for one that the sync inserts
  before_hash bigint
);
create index on syncline.managed_change (sync, entity_type);
