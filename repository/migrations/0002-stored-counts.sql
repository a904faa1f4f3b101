-- How many resources and links are stored, kept by apply in the transaction that changes it: thresholds need the figure
-- at every sync, and counting would cost in proportion to what is stored, not to what has changed.

alter table syncline.entity_type add column stored bigint not null default 0;
alter table syncline.link_property add column stored bigint not null default 0;

update syncline.entity_type t set stored = (select count(*) from syncline.resource r where r.entity_type = t.id);
update syncline.link_property p set stored = (select count(*) from syncline.link l where l.property = p.id);
