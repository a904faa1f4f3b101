-- How far a table has been read, for the next incremental read: as the package gave it.
create table syncline.checkpoint (
  connector integer not null references syncline.connector on delete cascade,
  connection text not null,
  source_table text not null,
  -- only the package understands it
  value text not null,
  -- for people
  name text not null,
  -- what decided what the read gave; see domain/read-fingerprint.ts
  fingerprint text not null,
  read_began_at timestamptz not null,
  sync bigint not null,
  stored_at timestamptz not null default now(),
  primary key (connector, connection, source_table)
);
