-- A held sync reminds, escalates and expires; see docs/decisions/0036-waiting-and-refresh.md.

alter table syncline.sync_event drop constraint sync_event_type_check;
alter table syncline.sync_event add constraint sync_event_type_check
  check (type in ('log', 'progress', 'status', 'waiting')) not valid;

alter table syncline.sync
  -- the held sync that this one was to take the place of
  add column refreshes uuid,
  -- {with, same, new, gone, changed}: its change set beside that of the sync that it refreshes
  add column compared jsonb;
