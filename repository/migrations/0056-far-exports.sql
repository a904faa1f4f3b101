-- Exports that workers without a database read: who watches them, and what of their reports is told already. A row is there from
-- beginExport to endExport. See docs/decisions/0071-exports-without-a-database.md.

create table syncline.far_export (
  sync bigint not null references syncline.sync on delete cascade,
  connection text not null,
  -- folders of its attempts in the export store begin with it
  attempt text not null,
  -- folder → how many entries of its report are told
  told jsonb not null default '{}',
  -- the last attempt whose end is told
  attempts_told integer not null default 0,
  -- places for requests that are lent, if limits.requestsPerSecond says how many there are
  granted bigint not null default 0,
  -- the worker that copies the report, until when unless it renews
  watcher text,
  watched_until timestamptz not null default '-infinity',
  primary key (sync, connection)
);
