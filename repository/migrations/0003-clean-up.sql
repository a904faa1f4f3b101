-- What has been removed of a sync by the daily clean-up; its row, counters and decision stay.

alter table syncline.sync add column changes_removed_at timestamptz;
alter table syncline.sync add column export_removed_at timestamptz;

-- deletes by sync, a sync at a time
create index on syncline.sync (ended_at) where changes_removed_at is null;
