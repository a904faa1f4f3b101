-- Undo: a sync of its own that undoes applied syncs, from their change rows. See docs/decisions/0035-undo.md.

alter table syncline.sync
  -- ids of the syncs that it undoes, in the order in which they were applied; empty for any other sync
  add column reverts uuid[] not null default '{}',
  -- what happens to syncs that would make again what it undid, and why it was asked for
  add column revert_then text check (revert_then in ('hold', 'refuse', 'nothing')),
  add column revert_reason text,
  -- open: whole syncs that would make again what it undid are held; then how that ended
  add column undone_watch text check (undone_watch in ('open', 'resumed', 'gone', 'reverted')),
  -- of a whole sync: what open watches found in its change set, [{"revert": number, "changes": n, "unread": boolean}]
  add column undone_again jsonb,
  -- id of the applied revert that undid the sync, as long as that revert is not undone itself
  add column reverted_by uuid;
create index on syncline.sync (connector) where undone_watch = 'open';
create index on syncline.sync (connector, no) where revert_then is not null;

-- Of a deleted resource, and of one that a revert inserts again: whether it was managed. Null in rows of earlier versions.
alter table syncline.change add column managed boolean;
