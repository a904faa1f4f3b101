-- A delta file may have been noted while it was still being written. What has come behind its content is newer than the sync
-- that noted it.

-- of the noted content; 0: noted by an earlier version, so only the same content is known again
alter table syncline.delta_noted add column bytes bigint not null default 0;
