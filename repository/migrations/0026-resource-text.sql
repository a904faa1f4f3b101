-- What a search looks through: the key and the values of each resource as one text in small letters. A table of its own, so
-- that an update of a resource stays within its page (HOT), and so that a search reads nothing else.
-- See docs/decisions/0023-search.md for what it costs.

create table syncline.resource_text (
  entity_type integer not null,
  key text collate "C" not null,
  text text collate "C" not null,
  primary key (entity_type, key)
) with (fillfactor = 90);

-- of a long value, its beginning
create function syncline.search_text(key text, attributes jsonb) returns text language sql stable as $$
  select lower((key || chr(10) || coalesce((select string_agg(left(value, 1000), chr(10)) from jsonb_each_text(attributes)), ''))
    collate "default")
$$;

-- Whoever writes resources writes their text: one statement for each, whatever wrote them.
create function syncline.keep_resource_text() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into syncline.resource_text (entity_type, key, text)
    select entity_type, key, syncline.search_text(key, attributes) from new_rows;
  elsif tg_op = 'UPDATE' then
    update syncline.resource_text t set text = syncline.search_text(n.key, n.attributes)
    from new_rows n join old_rows o on o.id = n.id
    where o.hash <> n.hash and t.entity_type = n.entity_type and t.key = n.key;
  else
    delete from syncline.resource_text t using old_rows o where t.entity_type = o.entity_type and t.key = o.key;
  end if;
  return null;
end
$$;

-- Triggers of statements belong to the table that a statement names: every partition has its own, and so has their parent.
create function syncline.follow_text(resources regclass) returns void language plpgsql as $$
begin
  execute format('create trigger text_of_inserted after insert on %s referencing new table as new_rows
    for each statement execute function syncline.keep_resource_text()', resources);
  execute format('create trigger text_of_updated after update on %s referencing old table as old_rows new table as new_rows
    for each statement execute function syncline.keep_resource_text()', resources);
  execute format('create trigger text_of_deleted after delete on %s referencing old table as old_rows
    for each statement execute function syncline.keep_resource_text()', resources);
end
$$;

insert into syncline.resource_text (entity_type, key, text)
select entity_type, key, syncline.search_text(key, attributes) from syncline.resource;

select syncline.follow_text('syncline.resource');
select syncline.follow_text(format('syncline.resource_%s', id)::regclass) from syncline.entity_type;
analyze syncline.resource_text;
