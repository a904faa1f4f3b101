-- The parts of a draft are stored as they were decided: several of one part, decision and rule may stand side by side.
alter table syncline.draft_rows
  drop constraint draft_rows_pkey,
  add column no bigint generated always as identity,
  add primary key (draft, kind, part, no);
