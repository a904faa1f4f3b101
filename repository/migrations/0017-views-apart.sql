-- Views of entity types live in a schema of their own, so that no name of an entity type meets a table of ours; see
-- docs/decisions/0024-views-apart.md. Those that exist keep their place in the schema syncline as well.

create schema if not exists syncline_views;

-- the view in the schema syncline, of entity types from before this migration
alter table syncline.entity_type add column old_view_name text unique;

do $$
declare old record;
begin
  for old in
    select t.id, t.view_name as name, n.nspname as place, c.oid
    from syncline.entity_type t
    join pg_class c on c.relname = t.view_name and c.relkind = 'v'
    -- the runner sets views of the schema syncline aside while it migrates
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('syncline', 'syncline_views_aside')
  loop
    if old.name ~ '^(resource|link|(link_)?change_(own|shared))_[0-9]+(_|$)' then
      -- a partition of ours will need the name: the view moves, with its rights and with what stands on it
      execute format('alter view %I.%I set schema syncline_views', old.place, old.name);
    else
      execute format('create view syncline_views.%I as %s', old.name, pg_get_viewdef(old.oid));
      update syncline.entity_type set old_view_name = old.name where id = old.id;
    end if;
  end loop;
end $$;
