-- Changes that people refused, and that the source still says: later syncs suppress them. See docs/decisions/0033-refusals.md.

create table syncline.refusal (
  no bigint generated always as identity primary key,
  id uuid not null unique default gen_random_uuid(),
  connector integer not null references syncline.connector on delete cascade,
  -- of the resource, or of the source of the link
  entity_type integer not null references syncline.entity_type on delete cascade,
  -- null: of a resource
  property integer references syncline.link_property on delete cascade,
  operation "char" not null check (operation in ('i', 'u', 'd')),
  key text collate "C" not null,
  target_key text collate "C",
  -- what the change would end in, as a hash: the attributes of the resource, or the target of a move; null for a delete and for
  -- a link that comes
  outcome bytea,
  label text,
  -- the refusal that this one followed: it ends with that one
  because uuid references syncline.refusal (id) on delete set null,
  sync bigint not null references syncline.sync on delete cascade,
  refused_by text not null,
  refused_by_name text,
  reason text,
  refused_at timestamptz not null default clock_timestamp(),
  -- when the sync began to read in which it was refused: an older read cannot end it
  read_at timestamptz not null,
  expires_at timestamptz not null,
  -- when a sync last suppressed the change
  last_seen_at timestamptz,
  ended_at timestamptz,
  ended_by text check (ended_by in ('changed', 'gone', 'expired', 'lifted')),
  -- the sync whose change set ended it, so that it goes on where that sync comes to nothing
  ended_sync bigint references syncline.sync on delete set null,
  check ((ended_at is null) = (ended_by is null))
);
-- one that counts for each change; the target of a move is its outcome
create unique index refusal_active on syncline.refusal (connector, entity_type, key, operation, coalesce(property, 0),
  (case when operation = 'u' then '' else coalesce(target_key, '') end)) where ended_at is null;
create index refusal_expiry on syncline.refusal (expires_at) where ended_at is null;
create index refusal_connector on syncline.refusal (connector, no desc);
create index refusal_key on syncline.refusal (entity_type, key);
create index refusal_because on syncline.refusal (because) where because is not null;
create index refusal_sync on syncline.refusal (sync);
create index refusal_ended_sync on syncline.refusal (ended_sync) where ended_sync is not null;

-- What the comparison of a sync says of the refusals, until the sync ends.
create table syncline.refusal_finding (
  sync bigint not null references syncline.sync on delete cascade,
  refusal bigint not null references syncline.refusal on delete cascade,
  finding text not null check (finding in ('seen', 'changed', 'gone')),
  primary key (sync, refusal)
);
create index refusal_finding_refusal on syncline.refusal_finding (refusal);
