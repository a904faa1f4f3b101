-- What a reviewer gets of a change set, computed once. It has values of rows, so it goes with the changes.

create table syncline.summary (
  sync bigint primary key references syncline.sync on delete cascade,
  -- see SummaryBody in domain/summary/body.ts
  body jsonb not null,
  made_at timestamptz not null default clock_timestamp()
);

-- Where the rows of a large change set stand, so that a list knows its length and finds any place in it: see
-- repository/changes/spans.ts. A span is a range of seq with the number of the rows in it.
create table syncline.change_spans (
  sync bigint not null references syncline.sync on delete cascade,
  kind text not null check (kind in ('resource', 'link')),
  -- the entity type, or the link property
  scope integer not null,
  operation "char" not null,
  -- not suppressed, not withheld
  proposed boolean not null,
  -- a group of the summary; '' for all rows of the scope and operation
  group_id text collate "C" not null default '',
  lo bigint[] not null,
  hi bigint[] not null,
  lines integer[] not null,
  primary key (sync, kind, scope, operation, proposed, group_id)
);

-- earlier syncs with the same change set
create index sync_digest on syncline.sync (connector, digest) where digest is not null;
