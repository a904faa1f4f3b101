-- Waiting told apart: what is tried again, when each task ran, and the turns and the pace of limited sources.

-- {attempt, maximumAttempts, nextAt, code, message} while a step that failed is to be tried again
alter table syncline.sync add column retry jsonb;
-- task → {startedAt, endedAt?}
alter table syncline.sync add column task_times jsonb not null default '{}';

-- Who reads a limited source, and who waits to: a connection with limits.concurrent has at most so many that read, over all
-- workers and all connectors with the same key. What its holder no longer renews has expired.
create table syncline.source_turn (
  key text collate "C" not null,
  sync bigint not null references syncline.sync on delete cascade,
  connection text not null,
  -- the attempt that has it: one that comes back late finds that it no longer does
  holder text not null,
  -- 1 high, 2 normal, 3 low: whose turn is next
  rank smallint not null,
  asked_at timestamptz not null default clock_timestamp(),
  reading boolean not null,
  expires_at timestamptz not null,
  primary key (key, sync, connection)
);

-- When the next request to a source may be made, where limits.requestsPerSecond says how often.
create table syncline.source_pace (
  key text collate "C" primary key,
  free_at timestamptz not null
);
