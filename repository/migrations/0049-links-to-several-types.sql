-- A navigation property that leads to several entity types has a row of link_property for each of them, and a partition of links
-- for each. Here is the place of the entity type in the list of the connector file.
alter table syncline.link_property add column place smallint not null default 0;

-- Of a move: the row of link_property that the link leaves, where it is another one than `property`, to which it comes. So a
-- move from one entity type to another is one change. null: both are the same.
alter table syncline.link_change add column before_property integer;
