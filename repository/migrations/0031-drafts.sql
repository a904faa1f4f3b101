-- Decisions in part, and what a sync has made of its changes; see docs/decisions/0032-decisions-in-part.md.

-- A decision on a held sync that is prepared and not yet made. It ends with the hold.
create table syncline.draft (
  no bigint generated always as identity primary key,
  id uuid not null unique,
  sync bigint not null references syncline.sync on delete cascade,
  digest text not null,
  drafted_by text not null,
  drafted_at timestamptz not null default clock_timestamp(),
  rules jsonb not null,
  otherwise text not null,
  note text,
  counts jsonb not null,
  conflicts jsonb not null
);
create index on syncline.draft (sync, no desc);

-- The rows that a draft does not apply, up to 8,192 in one: two million rows are some hundred. See repository/drafts/rows.ts.
create table syncline.draft_rows (
  draft bigint not null references syncline.draft on delete cascade,
  -- r resource, l link
  kind "char" not null,
  -- seq / 8192
  part bigint not null,
  -- r refuse, d defer
  decision "char" not null,
  -- whose memory counts: the place of a rule from 1, or 0 for what is otherwise decided
  rule smallint not null,
  seqs bigint[] not null,
  -- beside each seq, the row that it follows: the seq of a resource, or minus the seq of a link; null if none follows
  because bigint[],
  primary key (draft, kind, part, decision, rule)
);

-- What a decision says besides its digest.
alter table syncline.decision
  add column draft uuid,
  -- the counts that a person confirmed
  add column confirm jsonb;

-- One request at a time decides on a sync.
create table syncline.decision_claim (
  sync bigint primary key references syncline.sync on delete cascade,
  owner uuid not null,
  claimed_at timestamptz not null
);

alter table syncline.sync
  -- how many change rows have which fate: {overtaken, refused, deferred, suppressed, withheld}
  add column fates jsonb not null default '{}',
  -- the counters of what was applied, if that is not the whole change set
  add column applied_counters jsonb;

update syncline.sync s set fates = jsonb_build_object('overtaken', f.n)
from (
  select sync, count(*) as n from (
    select sync from syncline.change where fate = 'o'
    union all select sync from syncline.link_change where fate = 'o'
  ) each group by sync
) f
where f.sync = s.no and s.overtaken > 0;
