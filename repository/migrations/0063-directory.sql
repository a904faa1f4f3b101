-- The directory: resources that the mappings of all connectors make together. See docs/decisions/0078-directory.md.

-- Joins are resources of the directory's connector: one entity type for each mapping, with the key of the source as key. Which
-- entity types such a type joins; null for all other entity types.
alter table syncline.entity_type add column joins_from integer, add column joins_to integer;

-- The rules of the last mapping of everything that was applied, as a hash: other rules have to be applied as a whole.
create table syncline.directory_rules (
  connector integer primary key references syncline.connector on delete cascade,
  hash text not null
);

-- Source resources that mappings have to look at again, written by whatever changes them, in its own transaction.
create sequence syncline.due_version;
create table syncline.due (
  -- for which connector there is work
  -- no reference: whoever writes here must not wait for whoever writes to the directory
  consumer integer not null,
  entity_type integer not null,
  key text collate "C" not null,
  -- of the last change: a run takes away only what it has seen
  version bigint not null default nextval('syncline.due_version'),
  since timestamptz not null default clock_timestamp(),
  primary key (consumer, entity_type, key)
);

-- What a run of mappings has taken of it, until it ends.
create table syncline.due_taken (
  sync bigint not null references syncline.sync on delete cascade,
  entity_type integer not null,
  key text collate "C" not null,
  primary key (sync, entity_type, key)
);

-- Sources that no mapping has joined, and why, as the last run that looked at them has found.
create table syncline.unjoined (
  join_type integer not null references syncline.entity_type on delete cascade,
  key text collate "C" not null,
  code text not null,
  sync bigint not null references syncline.sync on delete cascade,
  at timestamptz not null default now(),
  primary key (join_type, key)
);

-- The values by which those could be joined: what changes in the directory makes those due that it may mean.
create table syncline.unjoined_value (
  join_type integer not null,
  key text collate "C" not null,
  entity_type integer not null,
  property text collate "C" not null,
  loose text collate "C" not null,
  primary key (join_type, key, property, loose),
  foreign key (join_type, key) references syncline.unjoined on delete cascade
);
create index on syncline.unjoined_value (entity_type, property, loose);

-- The properties of the directory that rules match.
create table syncline.matched_property (
  entity_type integer not null,
  property text collate "C" not null,
  -- compared without regard to case
  folds boolean not null,
  primary key (entity_type, property)
);

-- The values that the rules of mappings match, as they are compared.
create table syncline.directory_match (
  entity_type integer not null,
  property text collate "C" not null,
  -- null: no value
  value text collate "C",
  -- for values that only look the same
  loose text collate "C",
  resource bigint not null,
  primary key (resource, property)
);
create index on syncline.directory_match (entity_type, property, value);
create index on syncline.directory_match (entity_type, property, loose);

-- The form in which match values are compared, and the one in which values that look the same are. Both are in indexes, so a long
-- one is a hash.
create function syncline.short_form(value text) returns text language sql immutable parallel safe as $$
  select case when length(value) > 250 then 'sha256:' || encode(sha256(convert_to(value, 'UTF8')), 'hex') else value end
$$;
create function syncline.joined_form(value text, folds boolean) returns text language sql immutable parallel safe as $$
  select syncline.short_form(case when folds then syncline.folded(normalize(value, NFC)) else normalize(value, NFC) end)
$$;
create function syncline.loose_form(value text) returns text language sql immutable parallel safe as $$
  select syncline.short_form(syncline.folded(normalize(value, NFKC)))
$$;
