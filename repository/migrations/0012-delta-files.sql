-- A delta file is taken by its name and its content, for each table: the same content under another name is another event.
-- Until now a content was taken once, whatever the file was called.

-- of several contents that one name has had, the last one counts
delete from syncline.delta_taken a using syncline.delta_taken b
where b.connector = a.connector and b.connection = a.connection and b.name = a.name
  and (b.taken_at, b.sha256) > (a.taken_at, a.sha256);

alter table syncline.delta_taken
  drop constraint delta_taken_pkey,
  -- '': taken before tables were told apart
  add column source_table text not null default '',
  add column bytes bigint not null default 0,
  -- a complete sync found it without a line break at its end: what it had then is taken, what comes behind is not
  add column cut boolean not null default false;
alter table syncline.delta_taken alter column source_table drop default;
alter table syncline.delta_taken add primary key (connector, connection, source_table, name);

-- Delta files that lay there before a complete sync began to read that did not read their table as a whole: what that sync
-- wrote or was about is newer than what they say.
create table syncline.delta_noted (
  sync bigint not null references syncline.sync on delete cascade,
  connection text not null,
  source_table text not null,
  name text not null,
  sha256 text not null,
  primary key (sync, connection, source_table, name)
);
create index on syncline.delta_noted (sha256);

-- what only a complete sync can put right: {code, since, syncId}; null where nothing is known
alter table syncline.connector add column needs_complete jsonb;
