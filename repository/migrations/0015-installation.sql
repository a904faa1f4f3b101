-- Who this database is among those that share a Temporal: its workflows bear the id in their memo. Made by the first process
-- that asks, so that a database that is a template for others gives each of them an id of its own.

create table syncline.installation (
  only_one boolean primary key default true check (only_one),
  id uuid not null default gen_random_uuid()
);
