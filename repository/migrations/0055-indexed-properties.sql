-- The values of indexed properties, so that filters and sorts by them read an index. A table of its own: an index over the
-- attributes would end updates within the page (HOT). One row for each resource and indexed property, with null where the
-- resource has no value. One partition for each entity type that has an indexed property.
-- See docs/decisions/0069-indexed-properties.md.

create table syncline.match (
  entity_type integer not null,
  property text collate "C" not null,
  -- in the form in which values are put in order, see match_form
  value text collate "C",
  -- the beginning of the key: equal values are in the order of keys
  place text collate "C" not null,
  resource bigint not null
) partition by list (entity_type);

-- A number as a text that sorts like it: sign, number of digits before the point, digits. Those of negative numbers are turned round.
create function syncline.number_form(value numeric) returns text language sql immutable parallel safe as $$
  select case
    when value is null then null
    when value = 0 then '1'
    when value > 0 then '2' || lpad((5000 + d.magnitude)::text, 4, '0') || d.digits
    else '0' || lpad((5000 - d.magnitude)::text, 4, '0') || translate(d.digits, '0123456789', '9876543210') || '~' end
  from (
    select left(rtrim(ltrim(replace(text, '.', ''), '0'), '0'), 450) as digits,
      case when abs(value) < 1
        then length(ltrim(split_part(text, '.', 2), '0')) - length(split_part(text, '.', 2))
        else length(split_part(text, '.', 1)) end as magnitude
    from (select abs(value)::text as text) absolute
  ) d
$$;

-- The form in which a stored value is put in order: null where it does not have the type of its property. Of a text, so much
-- as sorts look at.
create function syncline.match_form(type text, value text) returns text language sql stable parallel safe as $$
  select case
    when type in ('integer', 'decimal') then syncline.number_form(syncline.numeric_or_null(value))
    when type = 'boolean' then syncline.boolean_or_null(value)::text
    when type = 'date' then case when syncline.date_or_null(value) is not null then value end
    when type = 'dateTime' then case when syncline.time_or_null(value) is not null then rtrim(value, 'Z') end
    else left(value, 500) end
$$;

create function syncline.indexed_properties(entity_type integer) returns table (name text, type text) language sql stable as $$
  select p ->> 'name', p ->> 'type' from syncline.entity_type t cross join lateral jsonb_array_elements(t.properties) p
  where t.id = entity_type and (p ->> 'indexed')::boolean and not (p ->> 'retired')::boolean
$$;

-- Whoever writes resources writes their values: one statement for each, whatever wrote them.
create function syncline.keep_match() returns trigger language plpgsql as $$
declare
  type constant integer := tg_argv[0];
begin
  if tg_op = 'INSERT' then
    execute format(
      'insert into syncline.match_%s (entity_type, property, value, place, resource)
       select %s, p.name, syncline.match_form(p.type, n.attributes ->> p.name), left(n.key, 100), n.id
       from new_rows n cross join syncline.indexed_properties(%s) p', type, type, type);
  elsif tg_op = 'UPDATE' then
    execute format(
      'update syncline.match_%s m set value = x.value from (
         select n.id, p.name, syncline.match_form(p.type, n.attributes ->> p.name) as value
         from new_rows n join old_rows o on o.id = n.id cross join syncline.indexed_properties(%s) p
         where o.hash <> n.hash and n.attributes -> p.name is distinct from o.attributes -> p.name
       ) x where m.resource = x.id and m.property = x.name and m.value is distinct from x.value', type, type);
  else
    execute format('delete from syncline.match_%s m using old_rows o where m.resource = o.id', type);
  end if;
  return null;
end
$$;

create function syncline.follow_match(entity_type integer) returns void language plpgsql as $$
begin
  execute format('create trigger match_of_inserted after insert on syncline.resource_%s referencing new table as new_rows
    for each statement execute function syncline.keep_match(%s)', entity_type, entity_type);
  execute format('create trigger match_of_updated after update on syncline.resource_%s referencing old table as old_rows new table as new_rows
    for each statement execute function syncline.keep_match(%s)', entity_type, entity_type);
  execute format('create trigger match_of_deleted after delete on syncline.resource_%s referencing old table as old_rows
    for each statement execute function syncline.keep_match(%s)', entity_type, entity_type);
end
$$;
