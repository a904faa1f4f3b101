/**
 * Views of entity types from before migration 0017 are in the schema syncline, beside our tables. While a migration runs
 * they are in another schema, so that the migration can use any name. Afterwards the views whose name is still free come
 * back, with their rights and the objects that depend on them. A view whose name a table of ours has taken stays in
 * syncline_views_aside.
 */
export const setViewsAside = `
do $$
declare old text;
begin
  for old in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'syncline' and c.relkind = 'v' loop
    create schema if not exists syncline_views_aside;
    execute format('alter view syncline.%I set schema syncline_views_aside', old);
  end loop;
end $$`;

export const putViewsBack = `
do $$
declare
  old text;
  has_old boolean := exists (select from pg_attribute
    where attrelid = to_regclass('syncline.entity_type') and attname = 'old_view_name' and not attisdropped);
begin
  for old in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'syncline_views_aside' and c.relkind = 'v' loop
    if to_regclass(format('syncline.%I', old)) is null then
      execute format('alter view syncline_views_aside.%I set schema syncline', old);
    elsif has_old then
      execute 'update syncline.entity_type set old_view_name = null where old_view_name = $1' using old;
    end if;
  end loop;
end $$`;
