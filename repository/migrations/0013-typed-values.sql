-- Stored values by their type, for views and for sorting: null where a text does not have the type. A property may have
-- changed its type, and a value that was stored before must not keep the others from being read. Nothing is cast before
-- its text is known to be one that the cast takes.

create function syncline.numeric_or_null(value text) returns numeric language sql immutable parallel safe as $$
  select case when length(value) <= 1000 and value ~ '^[+-]?[0-9]+([.][0-9]+)?$' then value::numeric end
$$;

-- years 0001 to 9999; the second pattern has the 29th of February, in leap years
create function syncline.date_or_null(value text) returns date language sql stable parallel safe as $$
  select case
    when value ~ '^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$'
      or value ~ '^(?!0000)([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29$'
    then value::date end
$$;

create function syncline.time_or_null(value text) returns timestamptz language sql stable parallel safe as $$
  select case
    when syncline.date_or_null(left(value, 10)) is not null
      and substr(value, 11) ~ '^T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z$'
    then value::timestamptz end
$$;

create function syncline.boolean_or_null(value text) returns boolean language sql immutable parallel safe as $$
  select case value when 'true' then true when 'false' then false end
$$;

create function syncline.bytes_or_null(value text) returns bytea language sql immutable parallel safe as $$
  select case
    when value ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' then decode(value, 'base64') end
$$;

-- The catalog says how the values of a property are read, so that links and keys of other connectors are read alike.
-- [{name, type, format, zone, decimalSeparator, multiValued, caseInsensitive, retired}]
update syncline.entity_type t set properties = read.properties
from (
  select t.id, jsonb_agg(
    p || jsonb_strip_nulls(jsonb_build_object(
      'format', f -> 'format', 'zone', f -> 'zone', 'decimalSeparator', f -> 'decimalSeparator'))
    order by n) as properties
  from syncline.entity_type t
    join syncline.connector c on c.id = t.connector
    join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
    cross join lateral jsonb_array_elements(t.properties) with ordinality as each (p, n)
    left join lateral (
      select e -> 'properties' -> (p ->> 'name') as f from jsonb_array_elements(r.file -> 'entityTypes') e
      where e ->> 'name' = t.name and not (p ->> 'retired')::boolean
    ) file on true
  group by t.id
) read
where read.id = t.id;

-- Views that stand already are made anew, under the names that their columns have. They have a column for each property
-- that is not retired, the key's first; where one has not, or takes another type, it stays until a revision is next used.
do $$
declare
  known record;
  selected text;
begin
  for known in
    select t.id, t.key_properties, t.properties, c.oid, c.oid::regclass as view
    from syncline.entity_type t
      join pg_class c on c.relname = t.view_name and c.relkind = 'v'
      join pg_namespace n on n.oid = c.relnamespace and n.nspname like 'syncline%'
    where not t.retired
  loop
    with property as (
      select p ->> 'name' as name, p ->> 'type' as type, (p ->> 'multiValued')::boolean as many,
        row_number() over (order by array_position(known.key_properties, p ->> 'name') nulls last, n) as place
      from jsonb_array_elements(known.properties) with ordinality as each (p, n)
      where not (p ->> 'retired')::boolean
    ), attribute as (
      select attname, row_number() over (order by attnum) as place from pg_attribute
      where attrelid = known.oid and attnum > 0 and not attisdropped
    ), typed as (
      select place, name, attname, many, case type when 'integer' then 'syncline.numeric_or_null(%s)'
        when 'decimal' then 'syncline.numeric_or_null(%s)' when 'boolean' then 'syncline.boolean_or_null(%s)'
        when 'date' then 'syncline.date_or_null(%s)' when 'dateTime' then 'syncline.time_or_null(%s)'
        when 'binary' then 'syncline.bytes_or_null(%s)' else '%s' end as value
      from property full join attribute using (place)
    )
    select case when bool_and(name is not null and attname is not null) then string_agg(format(
      case when many then '(select array_agg(' || format(value, 'v')
          || ') from jsonb_array_elements_text(case when jsonb_typeof(attributes -> %1$L) = ''array'' then attributes -> %1$L end) v)'
        else format(value, '(attributes ->> %1$L)') end || ' as %2$I', name, attname), ', ' order by place) end
    into selected from typed;
    begin
      if selected is not null then
        execute format('create or replace view %s as select %s from syncline.resource where entity_type = %s',
          known.view, selected, known.id);
      end if;
    exception when others then
      raise notice 'the view % keeps its definition', known.view;
    end;
  end loop;
end $$;
