-- The value that an error of a link is about, so that it need not be read out of the message.
alter table syncline.sync_error add column value text;

-- What matched no target in the last applied complete sync that compared the property whole. A value that is not here and matches
-- nothing now may be the new name of a stored target, so the links of its source stay for this time.
create table syncline.dangling_link (
  property integer not null references syncline.link_property on delete cascade,
  source bigint not null,
  -- the property of the target that the value was compared with
  matched text collate "C" not null,
  value text collate "C" not null
);
create index on syncline.dangling_link (property, source);
