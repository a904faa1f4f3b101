-- Apply does only what was decided: which decision counts, and what the tables never allow.

-- Set once, in the transaction that judges the decision: only an accepted decision lets a held sync be applied.
alter table syncline.decision add column accepted_at timestamptz;
-- a sync is decided once
create unique index decision_accepted on syncline.decision (sync) where accepted_at is not null;

-- a dry run is never applied; rows of earlier versions are not looked at again
alter table syncline.sync add constraint sync_dry_run_not_applied check (not (applied and dry_run)) not valid;
