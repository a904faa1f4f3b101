-- Polled connections and their circuit breakers. Which connections are polled stands in the connector files in use; a row
-- here is what became of it: the state that the poll goes on from after any restart, and what GET shows.

create table syncline.poll (
  connector integer not null references syncline.connector on delete cascade,
  connection text not null,
  -- the revision whose settings the poll follows
  revision integer not null,
  state text not null default 'closed' check (state in ('closed', 'open', 'half-open')),
  -- failures in a row
  failures integer not null default 0,
  -- open only: when the breaker lets one attempt through
  retry_at timestamptz,
  -- the next sync is a complete one: the breaker was open since the last
  complete_next boolean not null default false,
  next_at timestamptz,
  last_sync uuid,
  -- of the last failure, while there is no success after it: {code, message}
  last_error jsonb,
  changed_at timestamptz not null default now(),
  primary key (connector, connection),
  check ((state = 'open') = (retry_at is not null))
);

-- the newest ended syncs of a connector: whether jobs leave it out, since its scheduled syncs keep failing
create index on syncline.sync (connector, ended_at desc) where ended_at is not null;
