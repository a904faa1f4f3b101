-- A taken delta file is known without its content being read: by what its file system says of it, its stamp. A stamp counts
-- once the content was read again under it, two seconds after it was first seen: see docs/decisions/0062-delta-stamps.md.

alter table syncline.delta_taken
  -- null: not known
  add column stamp text,
  -- since when the stamp is stored
  add column stamped_at timestamptz,
  -- the content was read again under this stamp, and was the same
  add column stamp_proven boolean not null default false;
