-- The filter of an entity type or link property is that of a revision: the one by which a complete sync last compared all of
-- it and was applied. null: no sync has yet, and nothing is compared with.

alter table syncline.entity_type add column filter_revision integer;
alter table syncline.link_property add column filter_revision integer;
-- {types: [id], links: [id]}: of which this sync has compared everything, so that apply takes its revision's filters
alter table syncline.sync add column filters_compared jsonb;

-- where there are syncs already, the last one that would have set it does
update syncline.entity_type t set filter_revision = last.revision
from (
  select distinct on (t.id) t.id, s.config_revision as revision
  from syncline.entity_type t join syncline.sync s on s.connector = t.connector
  where s.applied and s.mode = 'complete' and not s.dry_run and s.preparation is not null and s.deletes_withheld = 0
    and 'synchronize' = any(s.tasks) and s.trigger not in ('purge', 'revert', 'force')
    and (s.scope is null or not (s.scope ?| array['keys', 'operations', 'managedOnly', 'users']))
    and coalesce(s.scope -> 'entityTypes' ? t.name, true)
    and not exists (select from jsonb_each(s.completeness) c where c.value -> 'certified' = 'false')
  order by t.id, s.applied_at desc nulls last, s.no desc
) last
where last.id = t.id and not t.retired;

update syncline.link_property p set filter_revision = t.filter_revision
from syncline.entity_type t where t.id = p.entity_type and not p.retired;
