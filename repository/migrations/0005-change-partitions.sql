-- Change rows in partitions: a thousand syncs share one, dropped when none of their changes are kept any more; a large
-- change set has one of its own, filled first and indexed afterwards, and dropped as a whole. See repository/change-parts.ts.

create sequence syncline.change_seq;
create sequence syncline.link_change_seq;

alter table syncline.change rename to change_before;
alter table syncline.link_change rename to link_change_before;
alter index syncline.change_sync rename to change_before_sync;
alter index syncline.change_key rename to change_before_key;
alter index syncline.link_change_sync rename to link_change_before_sync;
alter index syncline.link_change_source rename to link_change_before_source;

-- part: the sync's own number, or -1 - (number / 1000) for the part that it shares
create table syncline.change (
  part bigint not null,
  seq bigint not null default nextval('syncline.change_seq'),
  sync bigint not null,
  entity_type integer not null,
  operation "char" not null,
  resource bigint not null,
  key text collate "C" not null,
  before jsonb,
  after jsonb,
  before_hash bigint,
  overtaken boolean not null default false
) partition by list (part);
create index change_sync on syncline.change (sync, seq);
create index change_key on syncline.change (entity_type, key, sync);

create table syncline.link_change (
  part bigint not null,
  seq bigint not null default nextval('syncline.link_change_seq'),
  sync bigint not null,
  property integer not null,
  operation "char" not null,
  source bigint not null,
  target bigint not null,
  source_key text collate "C" not null,
  target_key text collate "C" not null,
  -- a mono-valued link moved from here (operation u)
  before_target bigint,
  before_target_key text collate "C",
  overtaken boolean not null default false
) partition by list (part);
create index link_change_sync on syncline.link_change (sync, seq);
create index link_change_source on syncline.link_change (property, source_key, sync);

do $$
declare shared bigint;
begin
  for shared in select distinct no / 1000 from syncline.sync loop
    execute format('create table syncline.change_shared_%s partition of syncline.change for values in (%s)', shared, -1 - shared);
    execute format('create table syncline.link_change_shared_%s partition of syncline.link_change for values in (%s)', shared, -1 - shared);
  end loop;
end $$;

insert into syncline.change (part, seq, sync, entity_type, operation, resource, key, before, after, before_hash, overtaken)
select -1 - c.sync / 1000, seq, sync, entity_type, operation, resource, key, before, after, before_hash, overtaken
from syncline.change_before c where exists (select from syncline.sync s where s.no = c.sync);
insert into syncline.link_change (part, seq, sync, property, operation, source, target, source_key, target_key, before_target,
  before_target_key, overtaken)
select -1 - c.sync / 1000, seq, sync, property, operation, source, target, source_key, target_key, before_target,
  before_target_key, overtaken
from syncline.link_change_before c where exists (select from syncline.sync s where s.no = c.sync);

select setval('syncline.change_seq', coalesce((select max(seq) from syncline.change), 0) + 1, false);
select setval('syncline.link_change_seq', coalesce((select max(seq) from syncline.link_change), 0) + 1, false);
drop table syncline.change_before, syncline.link_change_before;
