-- Provisioning: app profiles of targets, what their accounts are known to have, and the orders that bring them there.
-- See docs/decisions/0080-provisioning.md.

-- The connector in whose file the provisioning stands; null: it is a connector of its own. App profiles are its entity types.
alter table syncline.connector
  add column provisions integer references syncline.connector on delete cascade,
  -- nothing is sent while it is paused
  add column paused_by text, add column paused_at timestamptz, add column pause_reason text;
create index on syncline.connector (provisions);
-- the entity type of the directory that profiles of this entity type come from
alter table syncline.entity_type add column profiles_of integer;

-- An account at a target: what it has acknowledged.
create table syncline.account (
  profile_type integer not null references syncline.entity_type on delete cascade,
  key text collate "C" not null,
  -- the target's immutable id
  target_id text not null,
  enabled boolean not null,
  pushed jsonb not null,
  pushed_at timestamptz not null default clock_timestamp(),
  primary key (profile_type, key)
);
create unique index on syncline.account (profile_type, target_id);

-- Memberships that a target has acknowledged.
create table syncline.pushed_member (
  profile_type integer not null,
  key text collate "C" not null,
  member_type integer not null,
  member text collate "C" not null,
  primary key (profile_type, key, member_type, member),
  foreign key (profile_type, key) references syncline.account on delete cascade
);
create index on syncline.pushed_member (member_type, member);

create table syncline.provisioning_order (
  no bigint generated always as identity primary key,
  id uuid not null unique default gen_random_uuid(),
  -- that keeps the profiles
  connector integer not null references syncline.connector on delete cascade,
  profile_type integer not null references syncline.entity_type on delete cascade,
  key text collate "C" not null,
  operation text not null check (operation in ('create', 'update', 'enable', 'disable', 'delete', 'add-members', 'remove-members')),
  -- what of a profile one order at a time works on
  part text not null generated always as (case operation when 'add-members' then 'add' when 'remove-members' then 'remove' else 'account' end) stored,
  status text not null default 'pending'
    check (status in ('pending', 'running', 'unknown', 'succeeded', 'failed', 'abandoned', 'superseded')),
  -- the sync whose applied changes it sends; null: force sync
  sync bigint references syncline.sync on delete set null,
  next_attempt_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz,
  -- of the claim: whoever has lost it writes nothing
  fence integer not null default 0,
  -- since the last attempt that the target answered
  transient_failures integer not null default 0,
  attempts jsonb not null default '[]',
  calls integer not null default 0,
  -- values of a create that was begun: by these an account is found whose making nobody knows of
  sent jsonb,
  error jsonb,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
-- one order of a part waits, and one is sent
create unique index provisioning_order_waiting on syncline.provisioning_order (profile_type, key, part) where status = 'pending';
create unique index provisioning_order_sent on syncline.provisioning_order (profile_type, key, part) where status in ('running', 'unknown');
create index on syncline.provisioning_order (connector, next_attempt_at) where status in ('pending', 'running', 'unknown');
create index on syncline.provisioning_order (profile_type, key, no desc);
create index on syncline.provisioning_order (connector, no desc);
create index on syncline.provisioning_order (sync);
