-- Numbers of events are given when a row is written, and transactions end in another order. A follower finds the rows of a
-- transaction that ended late by the transaction that wrote them: see docs/decisions/0063-events-of-syncs.md.

-- null: written before this migration, by a transaction that has ended
alter table syncline.sync_event add column xid xid8;
alter table syncline.sync_event alter column xid set default pg_current_xact_id();
create index on syncline.sync_event (sync, xid);
