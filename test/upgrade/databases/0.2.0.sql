SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA syncline;
CREATE SCHEMA syncline_staging;
CREATE SCHEMA syncline_views;
CREATE FUNCTION syncline.boolean_or_null(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case value when 'true' then true when 'false' then false end
$$;
CREATE FUNCTION syncline.bytes_or_null(value text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  select case
    when value ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' then decode(value, 'base64') end
$_$;
CREATE FUNCTION syncline.date_or_null(value text) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
  select case
    when value ~ '^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$'
      or value ~ '^(?!0000)([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29$'
    then value::date end
$_$;
CREATE FUNCTION syncline.follow_text(resources regclass) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  execute format('create trigger text_of_inserted after insert on %s referencing new table as new_rows
    for each statement execute function syncline.keep_resource_text()', resources);
  execute format('create trigger text_of_updated after update on %s referencing old table as old_rows new table as new_rows
    for each statement execute function syncline.keep_resource_text()', resources);
  execute format('create trigger text_of_deleted after delete on %s referencing old table as old_rows
    for each statement execute function syncline.keep_resource_text()', resources);
end
$$;
CREATE FUNCTION syncline.keep_resource_text() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION syncline.numeric_or_null(value text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  select case when length(value) <= 1000 and value ~ '^[+-]?[0-9]+([.][0-9]+)?$' then value::numeric end
$_$;
CREATE FUNCTION syncline.search_text(key text, attributes jsonb) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  select lower((key || chr(10) || coalesce((select string_agg(left(value, 1000), chr(10)) from jsonb_each_text(attributes)), ''))
    collate "default")
$$;
CREATE FUNCTION syncline.time_or_null(value text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
  select case
    when syncline.date_or_null(left(value, 10)) is not null
      and substr(value, 11) ~ '^T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z$'
    then value::timestamptz end
$_$;
CREATE AGGREGATE syncline.jsonb_merge(jsonb) (
    SFUNC = jsonb_concat,
    STYPE = jsonb,
    INITCOND = '{}'
);
CREATE SEQUENCE syncline.change_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
SET default_tablespace = '';
CREATE TABLE syncline.change (
    part bigint NOT NULL,
    seq bigint DEFAULT nextval('syncline.change_seq'::regclass) NOT NULL,
    sync bigint NOT NULL,
    entity_type integer NOT NULL,
    operation "char" NOT NULL,
    resource bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    before jsonb,
    after jsonb,
    before_hash bigint,
    overtaken boolean DEFAULT false NOT NULL
)
PARTITION BY LIST (part);
SET default_table_access_method = heap;
CREATE TABLE syncline.change_shared_0 (
    part bigint NOT NULL,
    seq bigint DEFAULT nextval('syncline.change_seq'::regclass) NOT NULL,
    sync bigint NOT NULL,
    entity_type integer NOT NULL,
    operation "char" NOT NULL,
    resource bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    before jsonb,
    after jsonb,
    before_hash bigint,
    overtaken boolean DEFAULT false NOT NULL
);
CREATE TABLE syncline.connector (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    newest_revision integer DEFAULT 0 NOT NULL,
    active_revision integer,
    unchanged_base jsonb,
    first_complete_sync bigint,
    writes bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    needs_complete jsonb
);
ALTER TABLE syncline.connector ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.connector_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE syncline.connector_revision (
    connector integer NOT NULL,
    revision integer NOT NULL,
    file jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE syncline.connector_schema (
    connector integer NOT NULL,
    discovered_at timestamp with time zone NOT NULL,
    connections jsonb NOT NULL
);
CREATE TABLE syncline.decision (
    id uuid NOT NULL,
    sync bigint NOT NULL,
    action text NOT NULL,
    digest text NOT NULL,
    decided_by text NOT NULL,
    reason text,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    accepted_at timestamp with time zone
);
CREATE TABLE syncline.delta_noted (
    sync bigint NOT NULL,
    connection text NOT NULL,
    source_table text NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL
);
CREATE TABLE syncline.delta_taken (
    connector integer NOT NULL,
    connection text NOT NULL,
    sha256 text NOT NULL,
    name text NOT NULL,
    sync bigint NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL,
    source_table text NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    cut boolean DEFAULT false NOT NULL
);
CREATE TABLE syncline.entity_type (
    id integer NOT NULL,
    connector integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL,
    key_properties text[] NOT NULL,
    label_property text,
    properties jsonb NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    stored bigint DEFAULT 0 NOT NULL,
    view_name text,
    managed_by text,
    users boolean DEFAULT false NOT NULL,
    old_view_name text,
    filter_revision integer,
    CONSTRAINT entity_type_managed_by_check CHECK ((managed_by = ANY (ARRAY['rule'::text, 'hand'::text])))
);
ALTER TABLE syncline.entity_type ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.entity_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE syncline.entity_type_sync (
    entity_type integer NOT NULL,
    last_sync bigint,
    complete_sync bigint
);
CREATE TABLE syncline.execution (
    no bigint NOT NULL,
    id uuid NOT NULL,
    job text NOT NULL COLLATE pg_catalog."C",
    mode text,
    managed_only boolean DEFAULT false NOT NULL,
    status text NOT NULL,
    trigger text NOT NULL,
    started_by text NOT NULL,
    workflow_id text,
    run_id text,
    scheduled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    reason text,
    met uuid,
    planned boolean DEFAULT false NOT NULL
);
ALTER TABLE syncline.execution ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.execution_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE syncline.execution_result (
    execution uuid NOT NULL,
    "position" integer NOT NULL,
    connector text NOT NULL COLLATE pg_catalog."C",
    after text[] DEFAULT '{}'::text[] NOT NULL,
    sync_id uuid,
    status text NOT NULL,
    reason text,
    met_sync uuid,
    met_status text,
    settled_at timestamp with time zone
);
CREATE TABLE syncline.idempotency (
    key text NOT NULL,
    request_hash text NOT NULL,
    status integer,
    headers jsonb,
    body jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    owner uuid,
    alive_at timestamp with time zone
);
CREATE TABLE syncline.inspection (
    id uuid NOT NULL,
    kind text NOT NULL,
    file jsonb NOT NULL,
    result jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inspection_kind_check CHECK ((kind = ANY (ARRAY['test'::text, 'schema'::text])))
);
CREATE TABLE syncline.installation (
    only_one boolean DEFAULT true NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT installation_only_one_check CHECK (only_one)
);
CREATE TABLE syncline.job (
    name text NOT NULL COLLATE pg_catalog."C",
    mode text NOT NULL,
    connectors text[] NOT NULL,
    managed_only boolean DEFAULT false NOT NULL,
    cron text NOT NULL,
    timezone text NOT NULL,
    overlap text NOT NULL,
    paused boolean DEFAULT false NOT NULL,
    pause_note text,
    builtin boolean DEFAULT false NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    covered_until timestamp with time zone,
    covered_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE syncline.link (
    property integer NOT NULL,
    source bigint NOT NULL,
    target bigint NOT NULL
)
PARTITION BY LIST (property);
CREATE TABLE syncline.link_1 (
    property integer NOT NULL,
    source bigint NOT NULL,
    target bigint NOT NULL
);
CREATE TABLE syncline.link_2 (
    property integer NOT NULL,
    source bigint NOT NULL,
    target bigint NOT NULL
);
CREATE SEQUENCE syncline.link_change_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE syncline.link_change (
    part bigint NOT NULL,
    seq bigint DEFAULT nextval('syncline.link_change_seq'::regclass) NOT NULL,
    sync bigint NOT NULL,
    property integer NOT NULL,
    operation "char" NOT NULL,
    source bigint NOT NULL,
    target bigint NOT NULL,
    source_key text NOT NULL COLLATE pg_catalog."C",
    target_key text NOT NULL COLLATE pg_catalog."C",
    before_target bigint,
    before_target_key text COLLATE pg_catalog."C",
    overtaken boolean DEFAULT false NOT NULL
)
PARTITION BY LIST (part);
CREATE TABLE syncline.link_change_shared_0 (
    part bigint NOT NULL,
    seq bigint DEFAULT nextval('syncline.link_change_seq'::regclass) NOT NULL,
    sync bigint NOT NULL,
    property integer NOT NULL,
    operation "char" NOT NULL,
    source bigint NOT NULL,
    target bigint NOT NULL,
    source_key text NOT NULL COLLATE pg_catalog."C",
    target_key text NOT NULL COLLATE pg_catalog."C",
    before_target bigint,
    before_target_key text COLLATE pg_catalog."C",
    overtaken boolean DEFAULT false NOT NULL
);
CREATE TABLE syncline.link_property (
    id integer NOT NULL,
    entity_type integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    target integer NOT NULL,
    multi_valued boolean NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    stored bigint DEFAULT 0 NOT NULL,
    filter_revision integer
);
ALTER TABLE syncline.link_property ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.link_property_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE syncline.managed_change (
    sync bigint NOT NULL,
    entity_type integer NOT NULL,
    resource bigint NOT NULL,
    managed boolean NOT NULL,
    before_hash bigint
);
CREATE TABLE syncline.managed_choice (
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    managed boolean NOT NULL,
    chosen_by text NOT NULL,
    chosen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE syncline.migration (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE syncline.open_error (
    id bigint NOT NULL,
    connector integer NOT NULL,
    identity uuid NOT NULL,
    entity_type text COLLATE pg_catalog."C",
    source_table text,
    line bigint,
    column_name text,
    property text,
    key text[],
    code text NOT NULL,
    message text NOT NULL,
    effect text NOT NULL,
    cleared_by text NOT NULL,
    occurrences bigint DEFAULT 1 NOT NULL,
    stored boolean DEFAULT false NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    read_at timestamp with time zone NOT NULL,
    sync bigint NOT NULL,
    CONSTRAINT open_error_cleared_by_check CHECK ((cleared_by = ANY (ARRAY['read'::text, 'any-sync'::text, 'whole-sync'::text, 'complete-sync'::text]))),
    CONSTRAINT open_error_effect_check CHECK ((effect = ANY (ARRAY['row-rejected'::text, 'link-rejected'::text, 'sync-failed'::text])))
);
ALTER TABLE syncline.open_error ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.open_error_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE syncline.open_error_read (
    sync bigint NOT NULL,
    error bigint NOT NULL
);
CREATE TABLE syncline.open_error_surplus (
    connector integer NOT NULL,
    entity_type text NOT NULL COLLATE pg_catalog."C",
    rejected_rows bigint NOT NULL,
    rejected_stored bigint NOT NULL,
    rejected_links bigint NOT NULL
);
CREATE TABLE syncline.poll (
    connector integer NOT NULL,
    connection text NOT NULL,
    revision integer NOT NULL,
    state text DEFAULT 'closed'::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    complete_next boolean DEFAULT false NOT NULL,
    next_at timestamp with time zone,
    last_sync uuid,
    last_error jsonb,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT poll_check CHECK (((state = 'open'::text) = (retry_at IS NOT NULL))),
    CONSTRAINT poll_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'open'::text, 'half-open'::text])))
);
CREATE SEQUENCE syncline.resource_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE syncline.resource (
    id bigint DEFAULT nextval('syncline.resource_id'::regclass) NOT NULL,
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    attributes jsonb NOT NULL,
    hash bigint GENERATED ALWAYS AS (jsonb_hash_extended(attributes, (0)::bigint)) STORED NOT NULL,
    managed boolean DEFAULT true NOT NULL
)
PARTITION BY LIST (entity_type);
CREATE TABLE syncline.resource_1 (
    id bigint DEFAULT nextval('syncline.resource_id'::regclass) NOT NULL,
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    attributes jsonb NOT NULL,
    hash bigint GENERATED ALWAYS AS (jsonb_hash_extended(attributes, (0)::bigint)) STORED NOT NULL,
    managed boolean DEFAULT true NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE syncline.resource_2 (
    id bigint DEFAULT nextval('syncline.resource_id'::regclass) NOT NULL,
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    attributes jsonb NOT NULL,
    hash bigint GENERATED ALWAYS AS (jsonb_hash_extended(attributes, (0)::bigint)) STORED NOT NULL,
    managed boolean DEFAULT true NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE syncline.resource_3 (
    id bigint DEFAULT nextval('syncline.resource_id'::regclass) NOT NULL,
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    attributes jsonb NOT NULL,
    hash bigint GENERATED ALWAYS AS (jsonb_hash_extended(attributes, (0)::bigint)) STORED NOT NULL,
    managed boolean DEFAULT true NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE syncline.resource_text (
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='90');
CREATE TABLE syncline.source_columns (
    connector integer NOT NULL,
    connection text NOT NULL,
    source_table text NOT NULL,
    columns text[] NOT NULL
);
CREATE TABLE syncline.source_pace (
    key text NOT NULL COLLATE pg_catalog."C",
    free_at timestamp with time zone NOT NULL
);
CREATE TABLE syncline.source_turn (
    key text NOT NULL COLLATE pg_catalog."C",
    sync bigint NOT NULL,
    connection text NOT NULL,
    holder text NOT NULL,
    rank smallint NOT NULL,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reading boolean NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE syncline.sync (
    no bigint NOT NULL,
    id uuid NOT NULL,
    connector integer NOT NULL,
    mode text NOT NULL,
    requested_mode text NOT NULL,
    tasks text[] NOT NULL,
    scope jsonb,
    dry_run boolean DEFAULT false NOT NULL,
    status text NOT NULL,
    applied boolean DEFAULT false NOT NULL,
    trigger text NOT NULL,
    priority text NOT NULL,
    job text,
    execution_id uuid,
    synced_by text NOT NULL,
    config_revision integer NOT NULL,
    workflow_id text NOT NULL,
    run_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    phase text,
    progress jsonb DEFAULT '{"rowsExported": 0, "rowsPrepared": 0, "rowsRejected": 0}'::jsonb NOT NULL,
    completeness jsonb DEFAULT '{}'::jsonb NOT NULL,
    deletes_withheld integer DEFAULT 0 NOT NULL,
    overtaken integer DEFAULT 0 NOT NULL,
    digest text,
    change_count integer,
    counters jsonb DEFAULT '{}'::jsonb NOT NULL,
    thresholds jsonb DEFAULT '[]'::jsonb NOT NULL,
    holds jsonb DEFAULT '[]'::jsonb NOT NULL,
    causes jsonb DEFAULT '[]'::jsonb NOT NULL,
    waiting_for jsonb,
    decision jsonb,
    error jsonb,
    export_started_at timestamp with time zone,
    export_ref jsonb,
    preparation jsonb,
    diff_basis jsonb,
    applied_at timestamp with time zone,
    changes_removed_at timestamp with time zone,
    export_removed_at timestamp with time zone,
    retry jsonb,
    task_times jsonb DEFAULT '{}'::jsonb NOT NULL,
    filters_compared jsonb
);
CREATE TABLE syncline.sync_error (
    seq bigint NOT NULL,
    sync bigint NOT NULL,
    entity_type text NOT NULL,
    source_table text NOT NULL,
    line bigint,
    column_name text,
    property text,
    key text[],
    code text NOT NULL,
    message text NOT NULL,
    effect text NOT NULL
);
ALTER TABLE syncline.sync_error ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.sync_error_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE syncline.sync_event (
    seq bigint NOT NULL,
    sync bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    CONSTRAINT sync_event_type_check CHECK ((type = ANY (ARRAY['log'::text, 'progress'::text, 'status'::text])))
);
ALTER TABLE syncline.sync_event ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.sync_event_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE syncline.sync ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME syncline.sync_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE syncline_staging.marker (
    sync bigint NOT NULL,
    attempt text NOT NULL
);
CREATE VIEW syncline_views.badge AS
 SELECT (resource.attributes ->> 'no'::text) AS no,
    (resource.attributes ->> 'holder'::text) AS holder
   FROM syncline.resource
  WHERE (resource.entity_type = 3);
CREATE VIEW syncline_views."group" AS
 SELECT (resource.attributes ->> 'id'::text) AS id,
    (resource.attributes ->> 'title'::text) AS title
   FROM syncline.resource
  WHERE (resource.entity_type = 2);
CREATE VIEW syncline_views.person AS
 SELECT (resource.attributes ->> 'id'::text) AS id,
    (resource.attributes ->> 'name'::text) AS name,
    (resource.attributes ->> 'mail'::text) AS mail
   FROM syncline.resource
  WHERE (resource.entity_type = 1);
ALTER TABLE ONLY syncline.change ATTACH PARTITION syncline.change_shared_0 FOR VALUES IN ('-1');
ALTER TABLE ONLY syncline.link ATTACH PARTITION syncline.link_1 FOR VALUES IN (1);
ALTER TABLE ONLY syncline.link ATTACH PARTITION syncline.link_2 FOR VALUES IN (2);
ALTER TABLE ONLY syncline.link_change ATTACH PARTITION syncline.link_change_shared_0 FOR VALUES IN ('-1');
ALTER TABLE ONLY syncline.resource ATTACH PARTITION syncline.resource_1 FOR VALUES IN (1);
ALTER TABLE ONLY syncline.resource ATTACH PARTITION syncline.resource_2 FOR VALUES IN (2);
ALTER TABLE ONLY syncline.resource ATTACH PARTITION syncline.resource_3 FOR VALUES IN (3);
INSERT INTO syncline.change_shared_0 VALUES
	(-1, 1, 1, 1, 'i', 1, 'E01', NULL, '{"id": "E01", "mail": "e01@example.org", "name": "Person E01"}', NULL, false),
	(-1, 2, 1, 1, 'i', 2, 'E02', NULL, '{"id": "E02", "mail": "e02@example.org", "name": "Person E02"}', NULL, false),
	(-1, 3, 1, 1, 'i', 3, 'E03', NULL, '{"id": "E03", "mail": "e03@example.org", "name": "Person E03"}', NULL, false),
	(-1, 4, 1, 1, 'i', 4, 'E04', NULL, '{"id": "E04", "mail": "e04@example.org", "name": "Person E04"}', NULL, false),
	(-1, 5, 1, 1, 'i', 5, 'E05', NULL, '{"id": "E05", "mail": "e05@example.org", "name": "Person E05"}', NULL, false),
	(-1, 6, 1, 1, 'i', 6, 'E06', NULL, '{"id": "E06", "mail": "e06@example.org", "name": "Person E06"}', NULL, false),
	(-1, 7, 1, 1, 'i', 7, 'E07', NULL, '{"id": "E07", "mail": "e07@example.org", "name": "Person E07"}', NULL, false),
	(-1, 8, 1, 1, 'i', 8, 'E08', NULL, '{"id": "E08", "mail": "e08@example.org", "name": "Person E08"}', NULL, false),
	(-1, 9, 1, 1, 'i', 9, 'E09', NULL, '{"id": "E09", "mail": "e09@example.org", "name": "Person E09"}', NULL, false),
	(-1, 10, 1, 1, 'i', 10, 'E10', NULL, '{"id": "E10", "mail": "e10@example.org", "name": "Person E10"}', NULL, false),
	(-1, 11, 1, 1, 'i', 11, 'E11', NULL, '{"id": "E11", "mail": "e11@example.org", "name": "Person E11"}', NULL, false),
	(-1, 12, 1, 1, 'i', 12, 'E12', NULL, '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', NULL, false),
	(-1, 13, 1, 1, 'i', 13, 'E13', NULL, '{"id": "E13", "mail": "e13@example.org", "name": "Person E13"}', NULL, false),
	(-1, 14, 1, 1, 'i', 14, 'E14', NULL, '{"id": "E14", "mail": "e14@example.org", "name": "Person E14"}', NULL, false),
	(-1, 15, 1, 1, 'i', 15, 'E15', NULL, '{"id": "E15", "mail": "e15@example.org", "name": "Person E15"}', NULL, false),
	(-1, 16, 1, 2, 'i', 16, 'G1', NULL, '{"id": "G1", "title": "All"}', NULL, false),
	(-1, 17, 1, 2, 'i', 17, 'G2', NULL, '{"id": "G2", "title": "Some"}', NULL, false),
	(-1, 18, 2, 1, 'i', 18, 'E16', NULL, '{"id": "E16", "mail": "late@example.org", "name": "Late"}', NULL, false),
	(-1, 19, 2, 1, 'u', 3, 'E03', '{"name": "Person E03"}', '{"name": "Third Person"}', 4702581171089809012, false),
	(-1, 20, 3, 1, 'd', 12, 'E12', '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', NULL, 2671002797330856050, false),
	(-1, 21, 3, 1, 'd', 13, 'E13', '{"id": "E13", "mail": "e13@example.org", "name": "Person E13"}', NULL, -8559377915669404727, false),
	(-1, 22, 3, 1, 'd', 14, 'E14', '{"id": "E14", "mail": "e14@example.org", "name": "Person E14"}', NULL, -1920695277110613283, false),
	(-1, 23, 3, 1, 'd', 18, 'E16', '{"id": "E16", "mail": "late@example.org", "name": "Late"}', NULL, 1037080771075047012, false),
	(-1, 25, 4, 1, 'd', 13, 'E13', '{"id": "E13", "mail": "e13@example.org", "name": "Person E13"}', NULL, -8559377915669404727, false),
	(-1, 26, 4, 1, 'd', 14, 'E14', '{"id": "E14", "mail": "e14@example.org", "name": "Person E14"}', NULL, -1920695277110613283, false),
	(-1, 27, 4, 1, 'd', 15, 'E15', '{"id": "E15", "mail": "e15@example.org", "name": "Person E15"}', NULL, -2050990110122437849, false),
	(-1, 28, 5, 1, 'u', 4, 'E04', '{"name": "Person E04"}', '{"name": "Fourth Person"}', 7843856316235830274, false),
	(-1, 24, 4, 1, 'u', 4, 'E04', '{"name": "Person E04"}', '{"name": "Fourth"}', 7843856316235830274, true),
	(-1, 29, 8, 3, 'i', 19, 'B1', NULL, '{"no": "B1", "holder": "E01"}', NULL, false),
	(-1, 30, 8, 3, 'i', 20, 'B2', NULL, '{"no": "B2", "holder": "E02"}', NULL, false),
	(-1, 31, 9, 3, 'i', 21, 'B4', NULL, '{"no": "B4", "holder": "E04"}', NULL, false),
	(-1, 32, 10, 1, 'u', 1, 'E01', '{"mail": "e01@example.org"}', '{"mail": null}', -8093719105836807381, false),
	(-1, 33, 10, 1, 'u', 2, 'E02', '{"mail": "e02@example.org"}', '{"mail": null}', -3218543097869105953, false),
	(-1, 34, 10, 1, 'u', 3, 'E03', '{"mail": "e03@example.org"}', '{"mail": null}', -4185457977515062921, false),
	(-1, 35, 10, 1, 'u', 4, 'E04', '{"mail": "e04@example.org"}', '{"mail": null}', 6762426856556467253, false),
	(-1, 36, 10, 1, 'u', 5, 'E05', '{"mail": "e05@example.org"}', '{"mail": null}', 4121947755690146025, false),
	(-1, 37, 10, 1, 'u', 6, 'E06', '{"mail": "e06@example.org"}', '{"mail": null}', -5312635305635826567, false),
	(-1, 38, 10, 1, 'u', 7, 'E07', '{"mail": "e07@example.org"}', '{"mail": null}', 3373249205970377200, false),
	(-1, 39, 10, 1, 'u', 8, 'E08', '{"mail": "e08@example.org"}', '{"mail": null}', 2816692478019349401, false),
	(-1, 40, 10, 1, 'u', 9, 'E09', '{"mail": "e09@example.org"}', '{"mail": null}', -6715828728919852299, false),
	(-1, 41, 10, 1, 'u', 18, 'E16', '{"mail": "late@example.org"}', '{"mail": null}', 1037080771075047012, false),
	(-1, 42, 10, 1, 'd', 10, 'E10', '{"id": "E10", "mail": "e10@example.org", "name": "Person E10"}', NULL, 5641972552820991577, false),
	(-1, 43, 10, 1, 'd', 11, 'E11', '{"id": "E11", "mail": "e11@example.org", "name": "Person E11"}', NULL, 5359162872034289446, false),
	(-1, 44, 10, 1, 'd', 12, 'E12', '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', NULL, 2671002797330856050, false),
	(-1, 45, 11, 1, 'i', 22, 'E17', NULL, '{"id": "E17", "name": "Newest"}', NULL, false),
	(-1, 46, 11, 1, 'u', 1, 'E01', '{"mail": "e01@example.org"}', '{"mail": null}', -8093719105836807381, false),
	(-1, 47, 11, 1, 'u', 2, 'E02', '{"mail": "e02@example.org"}', '{"mail": null}', -3218543097869105953, false),
	(-1, 48, 11, 1, 'u', 3, 'E03', '{"mail": "e03@example.org"}', '{"mail": null}', -4185457977515062921, false),
	(-1, 49, 11, 1, 'u', 4, 'E04', '{"mail": "e04@example.org"}', '{"mail": null}', 6762426856556467253, false),
	(-1, 50, 11, 1, 'u', 5, 'E05', '{"mail": "e05@example.org"}', '{"mail": null}', 4121947755690146025, false);
INSERT INTO syncline.change_shared_0 VALUES
	(-1, 51, 11, 1, 'u', 6, 'E06', '{"mail": "e06@example.org"}', '{"mail": null}', -5312635305635826567, false),
	(-1, 52, 11, 1, 'u', 7, 'E07', '{"mail": "e07@example.org"}', '{"mail": null}', 3373249205970377200, false),
	(-1, 53, 11, 1, 'u', 8, 'E08', '{"mail": "e08@example.org"}', '{"mail": null}', 2816692478019349401, false),
	(-1, 54, 11, 1, 'u', 9, 'E09', '{"mail": "e09@example.org"}', '{"mail": null}', -6715828728919852299, false),
	(-1, 55, 11, 1, 'u', 18, 'E16', '{"mail": "late@example.org"}', '{"mail": null}', 1037080771075047012, false),
	(-1, 56, 11, 1, 'd', 10, 'E10', '{"id": "E10", "mail": "e10@example.org", "name": "Person E10"}', NULL, 5641972552820991577, false),
	(-1, 57, 11, 1, 'd', 11, 'E11', '{"id": "E11", "mail": "e11@example.org", "name": "Person E11"}', NULL, 5359162872034289446, false),
	(-1, 58, 11, 1, 'd', 12, 'E12', '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', NULL, 2671002797330856050, false);
INSERT INTO syncline.connector OVERRIDING SYSTEM VALUE VALUES
	(1, 'hr', 'Human resources', true, 1, 1, NULL, 1, 4, '2026-11-30 21:40:32.839981+00', NULL),
	(2, 'feed', 'feed', true, 1, 1, NULL, 8, 2, '2026-11-30 21:40:33.095211+00', NULL);
INSERT INTO syncline.connector_revision VALUES
	(1, 1, '{"kind": "Connector", "name": "hr", "active": true, "apiVersion": "syncline/v1", "thresholds": {"maximumDeletedLines": 2, "maximumUpdatedLines": 100, "maximumInsertedLines": 100, "maxPercentageDeletedLines": 90, "maxPercentageUpdatedLines": 99, "maxPercentageInsertedLines": 90, "maxLinkPercentageDeletedLines": 99, "maxLinkPercentageUpdatedLines": 99, "maxLinkPercentageInsertedLines": 90}, "connections": [{"name": "files", "package": "csv", "secrets": {}, "settings": {"directory": "hr"}}], "displayName": "Human resources", "entityTypes": [{"key": ["id"], "name": "Person", "label": "name", "source": {"table": "people.csv", "connection": "files"}, "properties": {"id": {"type": "string", "column": "id", "multiValued": false, "caseInsensitive": false}, "mail": {"type": "string", "column": "mail", "multiValued": false, "caseInsensitive": false}, "name": {"type": "string", "column": "name", "multiValued": false, "caseInsensitive": false}}, "navigationProperties": {"manager": {"to": "Person", "column": "manager"}}}, {"key": ["id"], "name": "Group", "source": {"table": "groups.csv", "connection": "files"}, "properties": {"id": {"type": "string", "column": "id", "multiValued": false, "caseInsensitive": false}, "title": {"type": "string", "column": "title", "multiValued": false, "caseInsensitive": false}}, "navigationProperties": {"members": {"to": "Person", "table": "members.csv", "sourceColumn": "group", "targetColumn": "person"}}}]}', 'user:local', '2026-11-30 21:40:32.839981+00'),
	(2, 1, '{"kind": "Connector", "name": "feed", "active": true, "apiVersion": "syncline/v1", "thresholds": {"maximumInsertedLines": 100, "maxPercentageInsertedLines": 900}, "connections": [{"name": "files", "package": "csv", "secrets": {}, "settings": {"delta": {"directory": "feed-delta", "commandColumn": "command"}, "directory": "feed"}}], "entityTypes": [{"key": ["no"], "name": "Badge", "source": {"table": "badges.csv", "connection": "files"}, "properties": {"no": {"type": "string", "column": "no", "multiValued": false, "caseInsensitive": false}, "holder": {"type": "string", "column": "holder", "multiValued": false, "caseInsensitive": false}}, "navigationProperties": {}}]}', 'user:local', '2026-11-30 21:40:33.095211+00');
INSERT INTO syncline.decision VALUES
	('01a22e67-1bcf-71a4-8358-f36b2a9566fd', 1, 'resume', 'sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582', 'user:local', 'first load', '2026-11-30 21:40:39.005231+00', '2026-11-30 21:40:39.314793+00'),
	('01a22e67-38e5-70d9-99af-77d0b9b768af', 3, 'reject', 'sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6', 'user:local', 'the export was cut short', '2026-11-30 21:40:46.438605+00', '2026-11-30 21:40:46.508271+00'),
	('01a22e67-517f-7608-9dbb-d1330579609d', 4, 'resume', 'sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73', 'user:local', 'they have left', '2026-11-30 21:40:52.738005+00', '2026-11-30 21:40:52.858044+00'),
	('01a22e67-664b-72b4-bfb1-58e6abdcb55f', 8, 'resume', 'sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd', 'user:local', 'first load', '2026-11-30 21:40:58.065243+00', '2026-11-30 21:40:58.291737+00'),
	('01a22e67-7cfa-729b-b989-1ac6de3dd6c2', 10, 'supersede', 'sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62', 'user:local', NULL, '2026-11-30 21:41:03.866752+00', '2026-11-30 21:41:04.029299+00');
INSERT INTO syncline.delta_taken VALUES
	(2, 'files', 'c530e6ba6e1ea1780ff314b7a23f0ae86a628aafffb43e798850ddecfc53ac40', 'badges-1.csv', 8, '2026-11-30 21:40:58.391984+00', 'badges.csv', 32, false),
	(2, 'files', 'f5bd30cb5c32b49937d8859340a355afc4671079f58d6c5ac449d98c07ffd1c0', 'badges-2.csv', 9, '2026-11-30 21:41:00.875735+00', 'badges.csv', 32, false);
INSERT INTO syncline.entity_type OVERRIDING SYSTEM VALUE VALUES
	(2, 1, 'Group', 'Group', '{id}', NULL, '[{"name": "id", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "title", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}]', false, 2, 'group', NULL, false, NULL, 1),
	(1, 1, 'Person', 'Person', '{id}', 'name', '[{"name": "id", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "name", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "mail", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}]', false, 13, 'person', NULL, false, NULL, 1),
	(3, 2, 'Badge', 'Badge', '{no}', NULL, '[{"name": "no", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "holder", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}]', false, 3, 'badge', NULL, false, NULL, 1);
INSERT INTO syncline.entity_type_sync VALUES
	(1, 4, 4),
	(2, 4, 4),
	(3, 9, 8);
INSERT INTO syncline.installation VALUES
	(true, 'ab1013e9-d954-4a85-8467-1aa6aa146954');
INSERT INTO syncline.job VALUES
	('nightly', 'complete', '{hr}', false, '0 0 1 1 *', 'UTC', 'skip', false, NULL, false, 1, NULL, NULL, '2026-11-30 21:40:33.395698+00', '2026-11-30 21:40:33.395698+00');
INSERT INTO syncline.link_1 VALUES
	(1, 2, 1),
	(1, 11, 1),
	(1, 10, 1),
	(1, 7, 1),
	(1, 3, 1),
	(1, 4, 1),
	(1, 9, 1),
	(1, 5, 1),
	(1, 12, 1),
	(1, 8, 1),
	(1, 6, 1);
INSERT INTO syncline.link_2 VALUES
	(2, 16, 12),
	(2, 16, 3),
	(2, 16, 5),
	(2, 16, 7),
	(2, 16, 10),
	(2, 16, 9),
	(2, 16, 11),
	(2, 16, 2),
	(2, 16, 1),
	(2, 17, 2),
	(2, 16, 8),
	(2, 16, 6),
	(2, 16, 4);
INSERT INTO syncline.link_change_shared_0 VALUES
	(-1, 1, 1, 1, 'i', 14, 1, 'E14', 'E01', NULL, NULL, false),
	(-1, 2, 1, 1, 'i', 2, 1, 'E02', 'E01', NULL, NULL, false),
	(-1, 3, 1, 1, 'i', 11, 1, 'E11', 'E01', NULL, NULL, false),
	(-1, 4, 1, 1, 'i', 10, 1, 'E10', 'E01', NULL, NULL, false),
	(-1, 5, 1, 1, 'i', 7, 1, 'E07', 'E01', NULL, NULL, false),
	(-1, 6, 1, 1, 'i', 3, 1, 'E03', 'E01', NULL, NULL, false),
	(-1, 7, 1, 1, 'i', 4, 1, 'E04', 'E01', NULL, NULL, false),
	(-1, 8, 1, 1, 'i', 15, 1, 'E15', 'E01', NULL, NULL, false),
	(-1, 9, 1, 1, 'i', 9, 1, 'E09', 'E01', NULL, NULL, false),
	(-1, 10, 1, 1, 'i', 13, 1, 'E13', 'E01', NULL, NULL, false),
	(-1, 11, 1, 1, 'i', 5, 1, 'E05', 'E01', NULL, NULL, false),
	(-1, 12, 1, 1, 'i', 12, 1, 'E12', 'E01', NULL, NULL, false),
	(-1, 13, 1, 1, 'i', 8, 1, 'E08', 'E01', NULL, NULL, false),
	(-1, 14, 1, 1, 'i', 6, 1, 'E06', 'E01', NULL, NULL, false),
	(-1, 15, 1, 2, 'i', 16, 12, 'G1', 'E12', NULL, NULL, false),
	(-1, 16, 1, 2, 'i', 16, 3, 'G1', 'E03', NULL, NULL, false),
	(-1, 17, 1, 2, 'i', 16, 13, 'G1', 'E13', NULL, NULL, false),
	(-1, 18, 1, 2, 'i', 16, 5, 'G1', 'E05', NULL, NULL, false),
	(-1, 19, 1, 2, 'i', 16, 7, 'G1', 'E07', NULL, NULL, false),
	(-1, 20, 1, 2, 'i', 16, 10, 'G1', 'E10', NULL, NULL, false),
	(-1, 21, 1, 2, 'i', 16, 9, 'G1', 'E09', NULL, NULL, false),
	(-1, 22, 1, 2, 'i', 16, 15, 'G1', 'E15', NULL, NULL, false),
	(-1, 23, 1, 2, 'i', 16, 11, 'G1', 'E11', NULL, NULL, false),
	(-1, 24, 1, 2, 'i', 16, 2, 'G1', 'E02', NULL, NULL, false),
	(-1, 25, 1, 2, 'i', 16, 1, 'G1', 'E01', NULL, NULL, false),
	(-1, 26, 1, 2, 'i', 17, 2, 'G2', 'E02', NULL, NULL, false),
	(-1, 27, 1, 2, 'i', 16, 8, 'G1', 'E08', NULL, NULL, false),
	(-1, 28, 1, 2, 'i', 16, 6, 'G1', 'E06', NULL, NULL, false),
	(-1, 29, 1, 2, 'i', 16, 4, 'G1', 'E04', NULL, NULL, false),
	(-1, 30, 1, 2, 'i', 16, 14, 'G1', 'E14', NULL, NULL, false),
	(-1, 31, 3, 1, 'd', 14, 1, 'E14', 'E01', NULL, NULL, false),
	(-1, 32, 3, 1, 'd', 13, 1, 'E13', 'E01', NULL, NULL, false),
	(-1, 33, 3, 1, 'd', 12, 1, 'E12', 'E01', NULL, NULL, false),
	(-1, 34, 3, 2, 'd', 16, 14, 'G1', 'E14', NULL, NULL, false),
	(-1, 35, 3, 2, 'd', 16, 13, 'G1', 'E13', NULL, NULL, false),
	(-1, 36, 3, 2, 'd', 16, 12, 'G1', 'E12', NULL, NULL, false),
	(-1, 37, 4, 1, 'd', 15, 1, 'E15', 'E01', NULL, NULL, false),
	(-1, 38, 4, 1, 'd', 14, 1, 'E14', 'E01', NULL, NULL, false),
	(-1, 39, 4, 1, 'd', 13, 1, 'E13', 'E01', NULL, NULL, false),
	(-1, 40, 4, 2, 'd', 16, 15, 'G1', 'E15', NULL, NULL, false),
	(-1, 41, 4, 2, 'd', 16, 14, 'G1', 'E14', NULL, NULL, false),
	(-1, 42, 4, 2, 'd', 16, 13, 'G1', 'E13', NULL, NULL, false),
	(-1, 43, 10, 1, 'd', 10, 1, 'E10', 'E01', NULL, NULL, false),
	(-1, 44, 10, 1, 'd', 11, 1, 'E11', 'E01', NULL, NULL, false),
	(-1, 45, 10, 1, 'd', 12, 1, 'E12', 'E01', NULL, NULL, false),
	(-1, 46, 10, 2, 'd', 16, 10, 'G1', 'E10', NULL, NULL, false),
	(-1, 47, 10, 2, 'd', 16, 11, 'G1', 'E11', NULL, NULL, false),
	(-1, 48, 10, 2, 'd', 16, 12, 'G1', 'E12', NULL, NULL, false),
	(-1, 49, 11, 1, 'd', 10, 1, 'E10', 'E01', NULL, NULL, false),
	(-1, 50, 11, 1, 'd', 11, 1, 'E11', 'E01', NULL, NULL, false);
INSERT INTO syncline.link_change_shared_0 VALUES
	(-1, 51, 11, 1, 'd', 12, 1, 'E12', 'E01', NULL, NULL, false),
	(-1, 52, 11, 2, 'd', 16, 10, 'G1', 'E10', NULL, NULL, false),
	(-1, 53, 11, 2, 'd', 16, 11, 'G1', 'E11', NULL, NULL, false),
	(-1, 54, 11, 2, 'd', 16, 12, 'G1', 'E12', NULL, NULL, false);
INSERT INTO syncline.link_property OVERRIDING SYSTEM VALUE VALUES
	(1, 1, 'manager', 1, false, false, 11, 1),
	(2, 2, 'members', 1, true, false, 13, 1);
INSERT INTO syncline.migration VALUES
	('0001-foundation', '2026-11-30 21:39:42.933205+00'),
	('0002-stored-counts', '2026-11-30 21:39:43.126396+00'),
	('0003-clean-up', '2026-11-30 21:39:43.153751+00'),
	('0004-views', '2026-11-30 21:39:43.165702+00'),
	('0005-change-partitions', '2026-11-30 21:39:43.177388+00'),
	('0006-jobs', '2026-11-30 21:39:43.190052+00'),
	('0007-polls', '2026-11-30 21:39:43.208597+00'),
	('0008-limits', '2026-11-30 21:39:43.226796+00'),
	('0009-managed', '2026-11-30 21:39:43.238497+00'),
	('0010-sync-status', '2026-11-30 21:39:43.253769+00'),
	('0011-link-change-index', '2026-11-30 21:39:43.279345+00'),
	('0012-delta-files', '2026-11-30 21:39:43.28764+00'),
	('0013-typed-values', '2026-11-30 21:39:43.323068+00'),
	('0014-decisions-and-applies', '2026-11-30 21:39:43.344846+00'),
	('0015-installation', '2026-11-30 21:39:43.354449+00'),
	('0016-idempotency-owners', '2026-11-30 21:39:43.359036+00'),
	('0017-views-apart', '2026-11-30 21:39:43.363435+00'),
	('0024-filters', '2026-11-30 21:39:43.36998+00'),
	('0026-resource-text', '2026-11-30 21:39:43.377376+00');
INSERT INTO syncline.open_error OVERRIDING SYSTEM VALUE VALUES
	(4, 1, '882cf04b-96ed-08a5-d406-fdb9b3cc9a60', NULL, 'people.csv', NULL, NULL, NULL, NULL, 'missing-file', 'The file people.csv is not in the folder of its connection. Put it there, or correct the table in the connector file.', 'sync-failed', 'complete-sync', 1, false, '2026-11-30 21:40:56.283747+00', '2026-11-30 21:40:56.283747+00', '2026-11-30 21:40:55.849273+00', 7),
	(3, 1, '550ee7a8-f058-977b-69c6-e67ba80f82e1', 'Group', 'members.csv', 11, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E10", which does not exist.', 'link-rejected', 'read', 6, true, '2026-11-30 21:40:44.320441+00', '2026-11-30 21:41:04.653847+00', '2026-11-30 21:41:04.653847+00', 11),
	(5, 1, '4a714472-0d38-c77b-9b39-88fa149827bb', 'Person', 'people.csv', 12, 'id', 'id', NULL, 'key-empty', 'The key is empty.', 'row-rejected', 'read', 1, false, '2026-11-30 21:41:04.653847+00', '2026-11-30 21:41:04.653847+00', '2026-11-30 21:41:04.653847+00', 11),
	(6, 1, '5cefc8d9-6710-50b5-bf29-f08bde8fb1c7', 'Person', 'people.csv', 13, NULL, 'manager', '{E17}', 'dangling-link', 'The link leads to "E98", which does not exist.', 'link-rejected', 'read', 1, false, '2026-11-30 21:41:04.653847+00', '2026-11-30 21:41:04.653847+00', '2026-11-30 21:41:04.653847+00', 11);
INSERT INTO syncline.resource_1 VALUES
	(1, 1, 'E01', '{"id": "E01", "mail": "e01@example.org", "name": "Person E01"}', DEFAULT, true),
	(2, 1, 'E02', '{"id": "E02", "mail": "e02@example.org", "name": "Person E02"}', DEFAULT, true),
	(5, 1, 'E05', '{"id": "E05", "mail": "e05@example.org", "name": "Person E05"}', DEFAULT, true),
	(6, 1, 'E06', '{"id": "E06", "mail": "e06@example.org", "name": "Person E06"}', DEFAULT, true),
	(7, 1, 'E07', '{"id": "E07", "mail": "e07@example.org", "name": "Person E07"}', DEFAULT, true),
	(8, 1, 'E08', '{"id": "E08", "mail": "e08@example.org", "name": "Person E08"}', DEFAULT, true),
	(9, 1, 'E09', '{"id": "E09", "mail": "e09@example.org", "name": "Person E09"}', DEFAULT, true),
	(10, 1, 'E10', '{"id": "E10", "mail": "e10@example.org", "name": "Person E10"}', DEFAULT, true),
	(11, 1, 'E11', '{"id": "E11", "mail": "e11@example.org", "name": "Person E11"}', DEFAULT, true),
	(12, 1, 'E12', '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', DEFAULT, true),
	(18, 1, 'E16', '{"id": "E16", "mail": "late@example.org", "name": "Late"}', DEFAULT, true),
	(3, 1, 'E03', '{"id": "E03", "mail": "e03@example.org", "name": "Third Person"}', DEFAULT, true),
	(4, 1, 'E04', '{"id": "E04", "mail": "e04@example.org", "name": "Fourth Person"}', DEFAULT, true);
INSERT INTO syncline.resource_2 VALUES
	(16, 2, 'G1', '{"id": "G1", "title": "All"}', DEFAULT, true),
	(17, 2, 'G2', '{"id": "G2", "title": "Some"}', DEFAULT, true);
INSERT INTO syncline.resource_3 VALUES
	(19, 3, 'B1', '{"no": "B1", "holder": "E01"}', DEFAULT, true),
	(20, 3, 'B2', '{"no": "B2", "holder": "E02"}', DEFAULT, true),
	(21, 3, 'B4', '{"no": "B4", "holder": "E04"}', DEFAULT, true);
INSERT INTO syncline.resource_text VALUES
	(1, 'E01', 'e01
e01
e01@example.org
person e01'),
	(1, 'E02', 'e02
e02
e02@example.org
person e02'),
	(1, 'E05', 'e05
e05
e05@example.org
person e05'),
	(1, 'E06', 'e06
e06
e06@example.org
person e06'),
	(1, 'E07', 'e07
e07
e07@example.org
person e07'),
	(1, 'E08', 'e08
e08
e08@example.org
person e08'),
	(1, 'E09', 'e09
e09
e09@example.org
person e09'),
	(1, 'E10', 'e10
e10
e10@example.org
person e10'),
	(1, 'E11', 'e11
e11
e11@example.org
person e11'),
	(1, 'E12', 'e12
e12
e12@example.org
person e12'),
	(2, 'G1', 'g1
g1
all'),
	(2, 'G2', 'g2
g2
some'),
	(1, 'E16', 'e16
e16
late@example.org
late'),
	(1, 'E03', 'e03
e03
e03@example.org
third person'),
	(1, 'E04', 'e04
e04
e04@example.org
fourth person'),
	(3, 'B1', 'b1
b1
e01'),
	(3, 'B2', 'b2
b2
e02'),
	(3, 'B4', 'b4
b4
e04');
INSERT INTO syncline.source_columns VALUES
	(1, 'files', 'people.csv', '{id,name,mail,manager}'),
	(1, 'files', 'groups.csv', '{id,title}'),
	(1, 'files', 'members.csv', '{group,person}'),
	(2, 'files', 'badges.csv', '{no,holder}');
INSERT INTO syncline.sync OVERRIDING SYSTEM VALUE VALUES
	(1, '01a22e67-08d4-77f3-8c51-fe78bf774b02', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-0919-76b1-859b-02211a675b68', '2026-11-30 21:40:34.137232+00', '2026-11-30 21:40:34.425691+00', '2026-11-30 21:40:40.281882+00', 'synchronize', '{"rowsExported": 33, "rowsPrepared": 33, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582', 47, '{"Group": {"read": 2, "links": {"members": {"stored": 0, "deleted": 0, "updated": 0, "inserted": 16, "rejected": 0}}, "stored": 0, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 2, "rejected": 0, "unchanged": 0, "duplicates": 0}, "Person": {"read": 15, "links": {"manager": {"stored": 0, "deleted": 0, "updated": 0, "inserted": 14, "rejected": 0}}, "stored": 0, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 15, "rejected": 0, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 17, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 17, "stored": 0, "exceeded": true, "limitLines": 0}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 30, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 30, "stored": 0, "exceeded": true, "limitLines": 0}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 33, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 33, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 17 inserted lines, limit 90 % of 0 = 0"}, {"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 30 inserted links, limit 90 % of 0 = 0"}]', '[{"code": "first-sync", "lines": 15, "message": "This is the first sync of Person: nothing was stored before.", "examples": [], "entityType": "Person"}, {"code": "first-sync", "lines": 2, "message": "This is the first sync of Group: nothing was stored before.", "examples": [], "entityType": "Group"}]', NULL, '{"at": "2026-11-30T21:40:39.005231Z", "by": "user:local", "action": "resume", "digest": "sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582", "reason": "first load"}', NULL, '2026-11-30 21:40:34.803698+00', '{"syncId": "01a22e67-08d4-77f3-8c51-fe78bf774b02", "attempts": [{"attempt": "files-1-fce0650e", "connection": "files"}]}', '{"mode": "complete", "sync": 1, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 15, "accepted": 15, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 543, "sha256": "d4af1bb980f872f215e5e9fb5e096d88369898c7f55cd4af9a23d4d45bed5142"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "42c5e8b0", "consumed": true, "exportRef": {"syncId": "01a22e67-08d4-77f3-8c51-fe78bf774b02", "attempts": [{"attempt": "files-1-fce0650e", "connection": "files"}]}}', '{"1": 0}', '2026-11-30 21:40:40.017653+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:36.174225Z", "startedAt": "2026-11-30T21:40:34.816893Z"}, "prepare": {"endedAt": "2026-11-30T21:40:37.134905Z", "startedAt": "2026-11-30T21:40:36.363742Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:37.259887Z"}}', '{"links": [1, 2], "types": [1, 2]}'),
	(7, '01a22e67-5b6d-73fe-b66a-cfcf27d9037a', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'failed', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-5c38-70b1-b73f-3b2a11f1e364', '2026-11-30 21:40:55.27901+00', '2026-11-30 21:40:55.743754+00', '2026-11-30 21:40:56.13077+00', 'export', '{"rowsExported": 0, "rowsPrepared": 0, "rowsRejected": 0}', '{}', 0, 0, NULL, NULL, '{}', '[]', '[]', '[]', NULL, NULL, '{"code": "missing-file", "table": "people.csv", "message": "The file people.csv is not in the folder of its connection. Put it there, or correct the table in the connector file."}', '2026-11-30 21:40:55.849273+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"export": {"startedAt": "2026-11-30T21:40:55.853097Z"}}', NULL),
	(2, '01a22e67-21a9-76ea-8aac-06b2aa27c59c', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed-with-errors', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-2226-70fa-ba58-c039675976c8', '2026-11-30 21:40:40.489615+00', '2026-11-30 21:40:40.763428+00', '2026-11-30 21:40:43.619566+00', 'synchronize', '{"rowsExported": 35, "rowsPrepared": 35, "rowsRejected": 1}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:766a760f00c350eea95986aa6e5d4ac1b7e0c939a75a0b9f5f0584314335904a', 2, '{"Group": {"read": 2, "links": {"members": {"stored": 16, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 17, "links": {"manager": {"stored": 14, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 1}}, "stored": 15, "deleted": 0, "updated": 1, "filtered": 0, "inserted": 1, "rejected": 1, "unchanged": 14, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 17, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 15}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 17, "exceeded": false, "limitLines": 15}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 35, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 1, "stored": 35, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:40:40.948286+00', '{"syncId": "01a22e67-21a9-76ea-8aac-06b2aa27c59c", "attempts": [{"attempt": "files-1-61a694ea", "connection": "files"}]}', '{"mode": "complete", "sync": 2, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 17, "accepted": 16, "filtered": 0, "rejected": 1, "duplicates": 0, "unreadable": 1}}, "tables": [{"files": [{"name": "people.csv", "bytes": 598, "sha256": "a841857f98834ef5200ab0c23b4d36f02bf4e8911f1d3d9fec92a2ed5229e462"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "2193e87c", "consumed": true, "narrowed": {"base": 1, "inARow": 1}, "exportRef": {"syncId": "01a22e67-21a9-76ea-8aac-06b2aa27c59c", "attempts": [{"attempt": "files-1-61a694ea", "connection": "files"}]}}', '{"1": 1}', '2026-11-30 21:40:43.4701+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:41.258175Z", "startedAt": "2026-11-30T21:40:41.033923Z"}, "prepare": {"endedAt": "2026-11-30T21:40:41.953743Z", "startedAt": "2026-11-30T21:40:41.358399Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:42.068795Z"}}', '{"links": [1, 2], "types": [1, 2]}'),
	(3, '01a22e67-2f21-726d-973e-e78113bbcafe', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'rejected', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-2f42-7b07-8d63-424f98d81e61', '2026-11-30 21:40:43.938507+00', '2026-11-30 21:40:44.187406+00', '2026-11-30 21:40:46.688443+00', 'synchronize', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6', 10, '{"Group": {"read": 2, "links": {"members": {"stored": 16, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 3}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 12, "links": {"manager": {"stored": 14, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 16, "deleted": 4, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 12, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 4, "stored": 18, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 17}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 4, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 4 deleted lines, limit 2"}]', '[]', NULL, '{"at": "2026-11-30T21:40:46.438605Z", "by": "user:local", "action": "reject", "digest": "sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6", "reason": "the export was cut short"}', NULL, '2026-11-30 21:40:44.320441+00', '{"syncId": "01a22e67-2f21-726d-973e-e78113bbcafe", "attempts": [{"attempt": "files-1-683529c7", "connection": "files"}]}', '{"mode": "complete", "sync": 3, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 12, "accepted": 12, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 440, "sha256": "b015b2f1a1e913bc4cc5ea05e8cbf87f4bd3c78407ab653e859f23c38de069fb"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "2fa10175", "consumed": true, "exportRef": {"syncId": "01a22e67-2f21-726d-973e-e78113bbcafe", "attempts": [{"attempt": "files-1-683529c7", "connection": "files"}]}}', '{"1": 2}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:44.632499Z", "startedAt": "2026-11-30T21:40:44.325855Z"}, "prepare": {"endedAt": "2026-11-30T21:40:45.174341Z", "startedAt": "2026-11-30T21:40:44.851287Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:45.332692Z"}}', '{"links": [1, 2], "types": [1, 2]}'),
	(5, '01a22e67-4638-7786-9c23-499716253e1d', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', '{"keys": {"Person": [["E04"]]}}', false, 'completed', true, 'high-priority', 'high', NULL, NULL, 'user:local', 1, 'sync-items:hr:01a22e67-4638-7786-9c23-499716253e1d', '01a22e67-4642-740b-a411-346016f22543', '2026-11-30 21:40:49.848923+00', '2026-11-30 21:40:50.099726+00', '2026-11-30 21:40:52.606374+00', 'synchronize', '{"rowsExported": 13, "rowsPrepared": 13, "rowsRejected": 0}', '{"people.csv": {"certified": true}}', 0, 0, 'sha256:f34d765e66ab5a6e9e646b0c6e60f5b110667d5644e1a4bc36edef7be4914fb5', 1, '{"Person": {"read": 13, "links": {"manager": {"stored": 14, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 16, "deleted": 0, "updated": 1, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 15, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 17}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 13, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 13, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:40:50.259109+00', '{"syncId": "01a22e67-4638-7786-9c23-499716253e1d", "attempts": [{"attempt": "files-1-e951ac93", "connection": "files"}]}', '{"mode": "complete", "sync": 5, "links": {}, "scope": {"keys": {"Person": [["E04"]]}}, "types": {"Person": {"read": 13, "accepted": 13, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 470, "sha256": "3d615b388a15ddfef122638c1ddcee2861d9ef267469793c70ed5cd0b6b1b49b"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}], "attempt": "fa24a502", "consumed": true, "exportRef": {"syncId": "01a22e67-4638-7786-9c23-499716253e1d", "attempts": [{"attempt": "files-1-e951ac93", "connection": "files"}]}}', '{"1": 2}', '2026-11-30 21:40:52.374852+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:50.410302Z", "startedAt": "2026-11-30T21:40:50.260727Z"}, "prepare": {"endedAt": "2026-11-30T21:40:51.096466Z", "startedAt": "2026-11-30T21:40:50.546137Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:51.178691Z"}}', '{"links": [], "types": []}'),
	(4, '01a22e67-3b31-777c-88fb-54578e4efd26', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed-with-errors', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-3b43-77fb-8c10-c3e1a8b623d3', '2026-11-30 21:40:47.026508+00', '2026-11-30 21:40:47.129759+00', '2026-11-30 21:40:53.20411+00', 'synchronize', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 1, 'sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73', 10, '{"Group": {"read": 2, "links": {"members": {"stored": 16, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 3}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 13, "links": {"manager": {"stored": 14, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 16, "deleted": 3, "updated": 1, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 12, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 3, "stored": 18, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 17}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 3, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 3 deleted lines, limit 2"}]', '[]', NULL, '{"at": "2026-11-30T21:40:52.738005Z", "by": "user:local", "action": "resume", "digest": "sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73", "reason": "they have left"}', NULL, '2026-11-30 21:40:47.210005+00', '{"syncId": "01a22e67-3b31-777c-88fb-54578e4efd26", "attempts": [{"attempt": "files-1-b38e9569", "connection": "files"}]}', '{"mode": "complete", "sync": 4, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 13, "accepted": 13, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 463, "sha256": "33cb6d8a93e1d85148ecb759981109b22f07ba83ad7dcde77e5311c1f74f1a1f"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "b3ab1b82", "consumed": true, "exportRef": {"syncId": "01a22e67-3b31-777c-88fb-54578e4efd26", "attempts": [{"attempt": "files-1-b38e9569", "connection": "files"}]}}', '{"1": 2}', '2026-11-30 21:40:53.062406+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:47.357127Z", "startedAt": "2026-11-30T21:40:47.212853Z"}, "prepare": {"endedAt": "2026-11-30T21:40:47.802921Z", "startedAt": "2026-11-30T21:40:47.421636Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:48.138935Z"}}', '{"links": [1, 2], "types": [1, 2]}'),
	(6, '01a22e67-53d4-74c0-82f8-441871214f02', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, true, 'completed', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-5410-7a25-9ff8-264b55492612', '2026-11-30 21:40:53.339963+00', '2026-11-30 21:40:53.537484+00', '2026-11-30 21:40:55.188511+00', 'synchronize', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:6d7fefde6a8270f452864c0e43a942265a9c8bfc4e0e5dfb63dd8dba28c68913', 0, '{"Group": {"read": 2, "links": {"members": {"stored": 13, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 3}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 13, "links": {"manager": {"stored": 11, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 13, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 13, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 14}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 21}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:40:53.690093+00', '{"syncId": "01a22e67-53d4-74c0-82f8-441871214f02", "attempts": [{"attempt": "files-1-c15fce8d", "connection": "files"}]}', '{"mode": "complete", "sync": 6, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 13, "accepted": 13, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 470, "sha256": "3d615b388a15ddfef122638c1ddcee2861d9ef267469793c70ed5cd0b6b1b49b"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "ee607b24", "consumed": true, "exportRef": {"syncId": "01a22e67-53d4-74c0-82f8-441871214f02", "attempts": [{"attempt": "files-1-c15fce8d", "connection": "files"}]}}', '{"1": 4}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:53.842359Z", "startedAt": "2026-11-30T21:40:53.693207Z"}, "prepare": {"endedAt": "2026-11-30T21:40:54.281849Z", "startedAt": "2026-11-30T21:40:53.906062Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:54.389546Z"}}', '{"links": [1, 2], "types": [1, 2]}'),
	(8, '01a22e67-5fef-7746-9056-04f66bb25c28', 2, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:feed', '01a22e67-5ff9-702b-bed0-d6d8dd18265e', '2026-11-30 21:40:56.431888+00', '2026-11-30 21:40:56.541697+00', '2026-11-30 21:40:58.586702+00', 'synchronize', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}', '{"badges.csv": {"certified": true}}', 0, 0, 'sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd', 2, '{"Badge": {"read": 2, "links": {}, "stored": 0, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 2, "rejected": 0, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 2, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageInsertedLines", "limit": 900, "scope": "connector", "actual": 2, "stored": 0, "exceeded": true, "limitLines": 0}, {"name": "maxPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 2 inserted lines, limit 900 % of 0 = 0"}]', '[{"code": "first-sync", "lines": 2, "message": "This is the first sync of Badge: nothing was stored before.", "examples": [], "entityType": "Badge"}]', NULL, '{"at": "2026-11-30T21:40:58.065243Z", "by": "user:local", "action": "resume", "digest": "sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd", "reason": "first load"}', NULL, '2026-11-30 21:40:56.682841+00', '{"syncId": "01a22e67-5fef-7746-9056-04f66bb25c28", "attempts": [{"attempt": "files-1-dcc7ae97", "connection": "files"}]}', '{"mode": "complete", "sync": 8, "links": {}, "scope": null, "types": {"Badge": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "badges.csv", "bytes": 24, "sha256": "50bcdd55f491a7c788468646016bf82541cddcce4e7d4b739dd668b9a2824436"}], "noted": [{"name": "badges-1.csv", "bytes": 32, "sha256": "c530e6ba6e1ea1780ff314b7a23f0ae86a628aafffb43e798850ddecfc53ac40"}], "table": "badges.csv", "columns": ["no", "holder"], "certified": true, "connection": "files"}], "attempt": "9f33a825", "consumed": true, "exportRef": {"syncId": "01a22e67-5fef-7746-9056-04f66bb25c28", "attempts": [{"attempt": "files-1-dcc7ae97", "connection": "files"}]}}', '{"2": 0}', '2026-11-30 21:40:58.430954+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:56.751501Z", "startedAt": "2026-11-30T21:40:56.684222Z"}, "prepare": {"endedAt": "2026-11-30T21:40:57.014308Z", "startedAt": "2026-11-30T21:40:56.797914Z"}, "synchronize": {"startedAt": "2026-11-30T21:40:57.079158Z"}}', '{"links": [], "types": [3]}'),
	(9, '01a22e67-692a-704e-9814-efdc59a9a33a', 2, 'incremental', 'incremental', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:feed', '01a22e67-69df-7d5c-a578-6b9284455e23', '2026-11-30 21:40:58.797208+00', '2026-11-30 21:40:59.366533+00', '2026-11-30 21:41:01.022947+00', 'synchronize', '{"rowsExported": 2, "rowsPrepared": 1, "rowsRejected": 0}', '{"badges.csv": {"certified": true}}', 0, 0, 'sha256:c780bc37e64da88d2e073891badb4054426de1d5475540fba04d09843a8917c2', 1, '{"Badge": {"read": 1, "links": {}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 1, "rejected": 0, "unchanged": 2, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageInsertedLines", "limit": 900, "scope": "connector", "actual": 1, "stored": 2, "exceeded": false, "limitLines": 18}, {"name": "maxPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 1}, {"name": "maxPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 1}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 1, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 1, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:40:59.515136+00', '{"syncId": "01a22e67-692a-704e-9814-efdc59a9a33a", "attempts": [{"attempt": "files-1-31697a86", "connection": "files"}]}', '{"mode": "incremental", "sync": 9, "links": {}, "scope": null, "types": {"Badge": {"read": 1, "accepted": 1, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "badges-2.csv", "bytes": 32, "sha256": "f5bd30cb5c32b49937d8859340a355afc4671079f58d6c5ac449d98c07ffd1c0"}], "table": "badges.csv", "columns": ["command", "no", "holder"], "certified": true, "connection": "files"}], "attempt": "5a64d241", "consumed": true, "exportRef": {"syncId": "01a22e67-692a-704e-9814-efdc59a9a33a", "attempts": [{"attempt": "files-1-31697a86", "connection": "files"}]}}', '{"2": 1}', '2026-11-30 21:41:00.919264+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:40:59.686555Z", "startedAt": "2026-11-30T21:40:59.518270Z"}, "prepare": {"endedAt": "2026-11-30T21:41:00.138078Z", "startedAt": "2026-11-30T21:40:59.778830Z"}, "synchronize": {"startedAt": "2026-11-30T21:41:00.276369Z"}}', '{"links": [], "types": []}'),
	(10, '01a22e67-724a-736a-b339-04f095b96f9f', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'superseded', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-7253-7ee0-82b2-ac1c281edbaf', '2026-11-30 21:41:01.131321+00', '2026-11-30 21:41:01.249821+00', '2026-11-30 21:41:04.111471+00', 'synchronize', '{"rowsExported": 28, "rowsPrepared": 28, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62', 19, '{"Group": {"read": 2, "links": {"members": {"stored": 13, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 6}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 10, "links": {"manager": {"stored": 11, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 13, "deleted": 3, "updated": 10, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 3, "stored": 15, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 14}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 3, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 21}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 28, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 28, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 3 deleted lines, limit 2"}]', '[]', NULL, '{"at": "2026-11-30T21:41:03.866752Z", "by": "user:local", "action": "supersede", "digest": "sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62", "reason": null}', NULL, '2026-11-30 21:41:01.364385+00', '{"syncId": "01a22e67-724a-736a-b339-04f095b96f9f", "attempts": [{"attempt": "files-1-a947ec2f", "connection": "files"}]}', '{"mode": "complete", "sync": 10, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 10, "accepted": 10, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 214, "sha256": "84869568316c4a9936959576d6d79bb4cd29078e7dbc1c5a3500b83767e5968d"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "105b8a2f", "consumed": true, "exportRef": {"syncId": "01a22e67-724a-736a-b339-04f095b96f9f", "attempts": [{"attempt": "files-1-a947ec2f", "connection": "files"}]}}', '{"1": 4}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:41:01.569934Z", "startedAt": "2026-11-30T21:41:01.366951Z"}, "prepare": {"endedAt": "2026-11-30T21:41:02.468017Z", "startedAt": "2026-11-30T21:41:01.715901Z"}, "synchronize": {"startedAt": "2026-11-30T21:41:02.585433Z"}}', '{"links": [1, 2], "types": [1, 2]}'),
	(11, '01a22e67-7ec2-7092-bb71-7145271028a0', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'held', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e67-7ee0-7ca6-a0f6-325621dea47e', '2026-11-30 21:41:04.327155+00', '2026-11-30 21:41:04.485963+00', NULL, 'synchronize', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 1}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:e3b2f9e77bf3e7ea93f8205453d0a2512bdd83901194a7d80fb292879846cbe9', 20, '{"Group": {"read": 2, "links": {"members": {"stored": 13, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 6}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 12, "links": {"manager": {"stored": 11, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 1}}, "stored": 13, "deleted": 3, "updated": 10, "filtered": 0, "inserted": 1, "rejected": 1, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 3, "stored": 15, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 1, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 14}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 3, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 21}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 30, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 1, "stored": 30, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 3 deleted lines, limit 2"}, {"code": "unreadable-key", "scope": "Person", "message": "Person would lose lines or links, and Person has a row whose key could not be read. That row may be one that seems deleted."}]', '[]', '{"since": "2026-11-30T21:41:07.329Z", "reason": "approval"}', NULL, NULL, '2026-11-30 21:41:04.653847+00', '{"syncId": "01a22e67-7ec2-7092-bb71-7145271028a0", "attempts": [{"attempt": "files-1-64bafa6b", "connection": "files"}]}', '{"mode": "complete", "sync": 11, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 12, "accepted": 11, "filtered": 0, "rejected": 1, "duplicates": 0, "unreadable": 1}}, "tables": [{"files": [{"name": "people.csv", "bytes": 240, "sha256": "03e32eb9e788881f9c48696f6b35bf625c13eb39ad1e49d94bd86df7a9ce421f"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "e0ac5698", "consumed": true, "exportRef": {"syncId": "01a22e67-7ec2-7092-bb71-7145271028a0", "attempts": [{"attempt": "files-1-64bafa6b", "connection": "files"}]}}', '{"1": 4}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:41:05.178575Z", "startedAt": "2026-11-30T21:41:04.658099Z"}, "prepare": {"endedAt": "2026-11-30T21:41:05.811763Z", "startedAt": "2026-11-30T21:41:05.312690Z"}, "synchronize": {"startedAt": "2026-11-30T21:41:05.895983Z"}}', '{"links": [1, 2], "types": [1, 2]}');
INSERT INTO syncline.sync_error OVERRIDING SYSTEM VALUE VALUES
	(1, 2, 'Person', 'people.csv', 17, 'id', 'id', NULL, 'key-empty', 'The key is empty.', 'row-rejected'),
	(2, 2, 'Person', 'people.csv', 18, NULL, 'manager', '{E16}', 'dangling-link', 'The link leads to "E99", which does not exist.', 'link-rejected'),
	(3, 3, 'Group', 'members.csv', 13, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E12", which does not exist.', 'link-rejected'),
	(4, 3, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E13", which does not exist.', 'link-rejected'),
	(5, 3, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E14", which does not exist.', 'link-rejected'),
	(6, 4, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E13", which does not exist.', 'link-rejected'),
	(7, 4, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E14", which does not exist.', 'link-rejected'),
	(8, 4, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E15", which does not exist.', 'link-rejected'),
	(9, 6, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E13", which does not exist.', 'link-rejected'),
	(10, 6, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E14", which does not exist.', 'link-rejected'),
	(11, 6, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E15", which does not exist.', 'link-rejected'),
	(12, 10, 'Group', 'members.csv', 11, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E10", which does not exist.', 'link-rejected'),
	(13, 10, 'Group', 'members.csv', 12, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E11", which does not exist.', 'link-rejected'),
	(14, 10, 'Group', 'members.csv', 13, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E12", which does not exist.', 'link-rejected'),
	(15, 10, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E13", which does not exist.', 'link-rejected'),
	(16, 10, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E14", which does not exist.', 'link-rejected'),
	(17, 10, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E15", which does not exist.', 'link-rejected'),
	(18, 11, 'Person', 'people.csv', 12, 'id', 'id', NULL, 'key-empty', 'The key is empty.', 'row-rejected'),
	(19, 11, 'Person', 'people.csv', 13, NULL, 'manager', '{E17}', 'dangling-link', 'The link leads to "E98", which does not exist.', 'link-rejected'),
	(20, 11, 'Group', 'members.csv', 11, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E10", which does not exist.', 'link-rejected'),
	(21, 11, 'Group', 'members.csv', 12, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E11", which does not exist.', 'link-rejected'),
	(22, 11, 'Group', 'members.csv', 13, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E12", which does not exist.', 'link-rejected'),
	(23, 11, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E13", which does not exist.', 'link-rejected'),
	(24, 11, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E14", which does not exist.', 'link-rejected'),
	(25, 11, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to "E15", which does not exist.', 'link-rejected');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(1, 1, '2026-11-30 21:40:34.438538+00', 'status', '{"status": "running"}'),
	(2, 1, '2026-11-30 21:40:34.829568+00', 'status', '{"phase": "export", "status": "running"}'),
	(3, 1, '2026-11-30 21:40:35.521811+00', 'log', '{"task": "export", "level": "info", "message": "Read 15 rows of people.csv"}'),
	(4, 1, '2026-11-30 21:40:35.953264+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(5, 1, '2026-11-30 21:40:36.017871+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(6, 1, '2026-11-30 21:40:36.04555+00', 'progress', '{"rowsExported": 33, "rowsPrepared": 0, "rowsRejected": 0}'),
	(7, 1, '2026-11-30 21:40:36.377548+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(8, 1, '2026-11-30 21:40:37.068017+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(9, 1, '2026-11-30 21:40:37.089581+00', 'progress', '{"rowsExported": 33, "rowsPrepared": 33, "rowsRejected": 0}'),
	(10, 1, '2026-11-30 21:40:37.116797+00', 'progress', '{"rowsExported": 33, "rowsPrepared": 33, "rowsRejected": 0}'),
	(11, 1, '2026-11-30 21:40:37.141552+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 33 rows, 0 rejected."}'),
	(12, 1, '2026-11-30 21:40:37.261487+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(13, 1, '2026-11-30 21:40:38.312529+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 47 changes, sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582."}'),
	(14, 1, '2026-11-30 21:40:38.80558+00', 'status', '{"status": "held"}'),
	(15, 1, '2026-11-30 21:40:38.810703+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 17 inserted lines, limit 90 % of 0 = 0"}'),
	(16, 1, '2026-11-30 21:40:38.814525+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 30 inserted links, limit 90 % of 0 = 0"}'),
	(17, 1, '2026-11-30 21:40:39.346112+00', 'status', '{"status": "running"}'),
	(18, 1, '2026-11-30 21:40:39.350491+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: resume."}'),
	(19, 1, '2026-11-30 21:40:40.186858+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 17 inserted, 0 updated, 0 deleted; links 30 inserted, 0 updated, 0 deleted"}'),
	(20, 1, '2026-11-30 21:40:40.285466+00', 'status', '{"status": "completed"}'),
	(21, 1, '2026-11-30 21:40:40.425808+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(22, 2, '2026-11-30 21:40:40.764573+00', 'status', '{"status": "running"}'),
	(23, 2, '2026-11-30 21:40:41.040575+00', 'status', '{"phase": "export", "status": "running"}'),
	(24, 2, '2026-11-30 21:40:41.076373+00', 'log', '{"task": "export", "level": "info", "message": "Read 17 rows of people.csv"}'),
	(25, 2, '2026-11-30 21:40:41.093352+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(26, 2, '2026-11-30 21:40:41.10807+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(27, 2, '2026-11-30 21:40:41.113936+00', 'progress', '{"rowsExported": 35, "rowsPrepared": 0, "rowsRejected": 0}'),
	(28, 2, '2026-11-30 21:40:41.359155+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(29, 2, '2026-11-30 21:40:41.616266+00', 'log', '{"task": "prepare", "level": "info", "message": "Compared line by line with the last applied export: 3 lines added, 1 removed."}'),
	(30, 2, '2026-11-30 21:40:41.896655+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(31, 2, '2026-11-30 21:40:41.920016+00', 'progress', '{"rowsExported": 35, "rowsPrepared": 35, "rowsRejected": 0}'),
	(32, 2, '2026-11-30 21:40:41.938615+00', 'progress', '{"rowsExported": 35, "rowsPrepared": 35, "rowsRejected": 1}'),
	(33, 2, '2026-11-30 21:40:41.962513+00', 'log', '{"task": "prepare", "level": "warn", "message": "Prepared 35 rows, 1 rejected."}'),
	(34, 2, '2026-11-30 21:40:42.069991+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(35, 2, '2026-11-30 21:40:43.264859+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 2 changes, sha256:766a760f00c350eea95986aa6e5d4ac1b7e0c939a75a0b9f5f0584314335904a."}'),
	(36, 2, '2026-11-30 21:40:43.57142+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 1 inserted, 1 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(37, 2, '2026-11-30 21:40:43.629135+00', 'status', '{"status": "completed-with-errors"}'),
	(38, 2, '2026-11-30 21:40:43.789249+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed-with-errors."}'),
	(39, 3, '2026-11-30 21:40:44.189096+00', 'status', '{"status": "running"}'),
	(40, 3, '2026-11-30 21:40:44.326995+00', 'status', '{"phase": "export", "status": "running"}'),
	(41, 3, '2026-11-30 21:40:44.358312+00', 'log', '{"task": "export", "level": "info", "message": "Read 12 rows of people.csv"}'),
	(42, 3, '2026-11-30 21:40:44.391522+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(43, 3, '2026-11-30 21:40:44.400353+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(44, 3, '2026-11-30 21:40:44.414684+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 0, "rowsRejected": 0}'),
	(45, 3, '2026-11-30 21:40:44.857528+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(46, 3, '2026-11-30 21:40:45.144211+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(47, 3, '2026-11-30 21:40:45.156669+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}'),
	(48, 3, '2026-11-30 21:40:45.172453+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}'),
	(49, 3, '2026-11-30 21:40:45.181533+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 30 rows, 0 rejected."}'),
	(50, 3, '2026-11-30 21:40:45.356682+00', 'status', '{"phase": "synchronize", "status": "running"}');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(51, 3, '2026-11-30 21:40:46.147807+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 10 changes, sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6."}'),
	(52, 3, '2026-11-30 21:40:46.379198+00', 'status', '{"status": "held"}'),
	(53, 3, '2026-11-30 21:40:46.380176+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 4 deleted lines, limit 2"}'),
	(54, 3, '2026-11-30 21:40:46.513324+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: reject."}'),
	(55, 3, '2026-11-30 21:40:46.693198+00', 'status', '{"status": "rejected"}'),
	(56, 3, '2026-11-30 21:40:46.822365+00', 'log', '{"task": null, "level": "info", "message": "Ended: rejected."}'),
	(57, 4, '2026-11-30 21:40:47.13429+00', 'status', '{"status": "running"}'),
	(58, 4, '2026-11-30 21:40:47.217316+00', 'status', '{"phase": "export", "status": "running"}'),
	(59, 4, '2026-11-30 21:40:47.249529+00', 'log', '{"task": "export", "level": "info", "message": "Read 13 rows of people.csv"}'),
	(60, 4, '2026-11-30 21:40:47.266712+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(61, 4, '2026-11-30 21:40:47.279058+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(62, 4, '2026-11-30 21:40:47.288026+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 0, "rowsRejected": 0}'),
	(63, 4, '2026-11-30 21:40:47.432805+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(64, 4, '2026-11-30 21:40:47.777222+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(65, 4, '2026-11-30 21:40:47.783206+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(66, 4, '2026-11-30 21:40:47.791881+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(67, 4, '2026-11-30 21:40:47.80863+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 31 rows, 0 rejected."}'),
	(68, 4, '2026-11-30 21:40:48.144768+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(69, 4, '2026-11-30 21:40:49.013514+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 10 changes, sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73."}'),
	(70, 4, '2026-11-30 21:40:49.776875+00', 'status', '{"status": "held"}'),
	(71, 4, '2026-11-30 21:40:49.778105+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 3 deleted lines, limit 2"}'),
	(72, 5, '2026-11-30 21:40:50.100672+00', 'status', '{"status": "running"}'),
	(73, 5, '2026-11-30 21:40:50.261946+00', 'status', '{"phase": "export", "status": "running"}'),
	(74, 5, '2026-11-30 21:40:50.277583+00', 'log', '{"task": "export", "level": "info", "message": "Read 13 rows of people.csv"}'),
	(75, 5, '2026-11-30 21:40:50.283135+00', 'progress', '{"rowsExported": 13, "rowsPrepared": 0, "rowsRejected": 0}'),
	(76, 5, '2026-11-30 21:40:50.55686+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(77, 5, '2026-11-30 21:40:51.027675+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(78, 5, '2026-11-30 21:40:51.045475+00', 'progress', '{"rowsExported": 13, "rowsPrepared": 13, "rowsRejected": 0}'),
	(79, 5, '2026-11-30 21:40:51.089557+00', 'progress', '{"rowsExported": 13, "rowsPrepared": 13, "rowsRejected": 0}'),
	(80, 5, '2026-11-30 21:40:51.109043+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 13 rows, 0 rejected."}'),
	(81, 5, '2026-11-30 21:40:51.187788+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(82, 5, '2026-11-30 21:40:51.891616+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 1 changes, sha256:f34d765e66ab5a6e9e646b0c6e60f5b110667d5644e1a4bc36edef7be4914fb5."}'),
	(83, 5, '2026-11-30 21:40:52.480335+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 0 inserted, 1 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(84, 5, '2026-11-30 21:40:52.60742+00', 'status', '{"status": "completed"}'),
	(85, 5, '2026-11-30 21:40:52.659583+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(86, 4, '2026-11-30 21:40:52.870235+00', 'status', '{"status": "running"}'),
	(87, 4, '2026-11-30 21:40:52.871661+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: resume."}'),
	(88, 4, '2026-11-30 21:40:53.138145+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 0 inserted, 0 updated, 3 deleted; links 0 inserted, 0 updated, 6 deleted; 1 overtaken by later changes"}'),
	(89, 4, '2026-11-30 21:40:53.209429+00', 'status', '{"status": "completed-with-errors"}'),
	(90, 4, '2026-11-30 21:40:53.275939+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed-with-errors."}'),
	(91, 6, '2026-11-30 21:40:53.548793+00', 'status', '{"status": "running"}'),
	(92, 6, '2026-11-30 21:40:53.695427+00', 'status', '{"phase": "export", "status": "running"}'),
	(93, 6, '2026-11-30 21:40:53.716686+00', 'log', '{"task": "export", "level": "info", "message": "Read 13 rows of people.csv"}'),
	(94, 6, '2026-11-30 21:40:53.72404+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(95, 6, '2026-11-30 21:40:53.747117+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(96, 6, '2026-11-30 21:40:53.757538+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 0, "rowsRejected": 0}'),
	(97, 6, '2026-11-30 21:40:53.91125+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(98, 6, '2026-11-30 21:40:54.257564+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(99, 6, '2026-11-30 21:40:54.269629+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(100, 6, '2026-11-30 21:40:54.277619+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(101, 6, '2026-11-30 21:40:54.283212+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 31 rows, 0 rejected."}'),
	(102, 6, '2026-11-30 21:40:54.391849+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(103, 6, '2026-11-30 21:40:55.017241+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 0 changes, sha256:6d7fefde6a8270f452864c0e43a942265a9c8bfc4e0e5dfb63dd8dba28c68913."}'),
	(104, 6, '2026-11-30 21:40:55.189294+00', 'status', '{"status": "completed"}'),
	(105, 6, '2026-11-30 21:40:55.206263+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(106, 7, '2026-11-30 21:40:55.744742+00', 'status', '{"status": "running"}'),
	(107, 7, '2026-11-30 21:40:55.858772+00', 'status', '{"phase": "export", "status": "running"}'),
	(108, 7, '2026-11-30 21:40:56.185479+00', 'status', '{"status": "failed"}'),
	(109, 7, '2026-11-30 21:40:56.310965+00', 'log', '{"task": null, "level": "error", "message": "Failed: missing-file. The file people.csv is not in the folder of its connection. Put it there, or correct the table in the connector file."}'),
	(110, 8, '2026-11-30 21:40:56.543092+00', 'status', '{"status": "running"}'),
	(111, 8, '2026-11-30 21:40:56.685237+00', 'status', '{"phase": "export", "status": "running"}'),
	(112, 8, '2026-11-30 21:40:56.699734+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of badges.csv"}'),
	(113, 8, '2026-11-30 21:40:56.702376+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 0, "rowsRejected": 0}'),
	(114, 8, '2026-11-30 21:40:56.799324+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(115, 8, '2026-11-30 21:40:56.982808+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(116, 8, '2026-11-30 21:40:56.990324+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}'),
	(117, 8, '2026-11-30 21:40:57.008177+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}'),
	(118, 8, '2026-11-30 21:40:57.015578+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 2 rows, 0 rejected."}'),
	(119, 8, '2026-11-30 21:40:57.080335+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(120, 8, '2026-11-30 21:40:57.323959+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 2 changes, sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd."}'),
	(121, 8, '2026-11-30 21:40:57.961722+00', 'status', '{"status": "held"}'),
	(122, 8, '2026-11-30 21:40:57.965595+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 2 inserted lines, limit 900 % of 0 = 0"}'),
	(123, 8, '2026-11-30 21:40:58.307069+00', 'status', '{"status": "running"}'),
	(124, 8, '2026-11-30 21:40:58.308066+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: resume."}'),
	(125, 8, '2026-11-30 21:40:58.473043+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 2 inserted, 0 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(126, 8, '2026-11-30 21:40:58.593573+00', 'status', '{"status": "completed"}'),
	(127, 8, '2026-11-30 21:40:58.677486+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(128, 9, '2026-11-30 21:40:59.3776+00', 'status', '{"status": "running"}'),
	(129, 9, '2026-11-30 21:40:59.519305+00', 'status', '{"phase": "export", "status": "running"}'),
	(130, 9, '2026-11-30 21:40:59.561487+00', 'log', '{"task": "export", "level": "info", "message": "Passed over delta files of badges.csv that were taken before: badges-1.csv."}'),
	(131, 9, '2026-11-30 21:40:59.580401+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of badges.csv"}'),
	(132, 9, '2026-11-30 21:40:59.589537+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 0, "rowsRejected": 0}'),
	(133, 9, '2026-11-30 21:40:59.7896+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(134, 9, '2026-11-30 21:41:00.090034+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(135, 9, '2026-11-30 21:41:00.113606+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 1, "rowsRejected": 0}'),
	(136, 9, '2026-11-30 21:41:00.130493+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 1, "rowsRejected": 0}'),
	(137, 9, '2026-11-30 21:41:00.149589+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 1 rows, 0 rejected."}'),
	(138, 9, '2026-11-30 21:41:00.27942+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(139, 9, '2026-11-30 21:41:00.751157+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 1 changes, sha256:c780bc37e64da88d2e073891badb4054426de1d5475540fba04d09843a8917c2."}'),
	(140, 9, '2026-11-30 21:41:00.981656+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 1 inserted, 0 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(141, 9, '2026-11-30 21:41:01.035996+00', 'status', '{"status": "completed"}'),
	(142, 9, '2026-11-30 21:41:01.05541+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(143, 10, '2026-11-30 21:41:01.25387+00', 'status', '{"status": "running"}'),
	(144, 10, '2026-11-30 21:41:01.368424+00', 'status', '{"phase": "export", "status": "running"}'),
	(145, 10, '2026-11-30 21:41:01.432252+00', 'log', '{"task": "export", "level": "info", "message": "Read 10 rows of people.csv"}'),
	(146, 10, '2026-11-30 21:41:01.44693+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(147, 10, '2026-11-30 21:41:01.456986+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(148, 10, '2026-11-30 21:41:01.460062+00', 'progress', '{"rowsExported": 28, "rowsPrepared": 0, "rowsRejected": 0}'),
	(149, 10, '2026-11-30 21:41:01.723997+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(150, 10, '2026-11-30 21:41:02.432073+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(151, 10, '2026-11-30 21:41:02.440791+00', 'progress', '{"rowsExported": 28, "rowsPrepared": 28, "rowsRejected": 0}'),
	(152, 10, '2026-11-30 21:41:02.449613+00', 'progress', '{"rowsExported": 28, "rowsPrepared": 28, "rowsRejected": 0}'),
	(153, 10, '2026-11-30 21:41:02.47509+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 28 rows, 0 rejected."}'),
	(154, 10, '2026-11-30 21:41:02.58678+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(155, 10, '2026-11-30 21:41:03.376315+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 19 changes, sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62."}'),
	(156, 10, '2026-11-30 21:41:03.784355+00', 'status', '{"status": "held"}'),
	(157, 10, '2026-11-30 21:41:03.786598+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 3 deleted lines, limit 2"}'),
	(158, 10, '2026-11-30 21:41:04.032551+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: supersede."}'),
	(159, 10, '2026-11-30 21:41:04.112703+00', 'status', '{"status": "superseded"}'),
	(160, 10, '2026-11-30 21:41:04.206488+00', 'log', '{"task": null, "level": "info", "message": "Ended: superseded."}'),
	(161, 11, '2026-11-30 21:41:04.488259+00', 'status', '{"status": "running"}'),
	(162, 11, '2026-11-30 21:41:04.665591+00', 'status', '{"phase": "export", "status": "running"}'),
	(163, 11, '2026-11-30 21:41:04.97535+00', 'log', '{"task": "export", "level": "info", "message": "Read 12 rows of people.csv"}'),
	(164, 11, '2026-11-30 21:41:05.078664+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(165, 11, '2026-11-30 21:41:05.112044+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(166, 11, '2026-11-30 21:41:05.114335+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 0, "rowsRejected": 0}'),
	(167, 11, '2026-11-30 21:41:05.313688+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(168, 11, '2026-11-30 21:41:05.795856+00', 'log', '{"task": "update-expressions", "level": "info", "message": "The task prepare already evaluated the expressions of 0 properties."}'),
	(169, 11, '2026-11-30 21:41:05.803442+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}'),
	(170, 11, '2026-11-30 21:41:05.810367+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 1}'),
	(171, 11, '2026-11-30 21:41:05.81281+00', 'log', '{"task": "prepare", "level": "warn", "message": "Prepared 30 rows, 1 rejected."}'),
	(172, 11, '2026-11-30 21:41:05.903178+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(173, 11, '2026-11-30 21:41:07.050117+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 20 changes, sha256:e3b2f9e77bf3e7ea93f8205453d0a2512bdd83901194a7d80fb292879846cbe9."}'),
	(174, 11, '2026-11-30 21:41:07.597503+00', 'status', '{"status": "held"}'),
	(175, 11, '2026-11-30 21:41:07.598816+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 3 deleted lines, limit 2"}'),
	(176, 11, '2026-11-30 21:41:07.599925+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Person would lose lines or links, and Person has a row whose key could not be read. That row may be one that seems deleted."}');
SELECT pg_catalog.setval('syncline.change_seq', 58, true);
SELECT pg_catalog.setval('syncline.connector_id_seq', 2, true);
SELECT pg_catalog.setval('syncline.entity_type_id_seq', 3, true);
SELECT pg_catalog.setval('syncline.execution_no_seq', 1, false);
SELECT pg_catalog.setval('syncline.link_change_seq', 54, true);
SELECT pg_catalog.setval('syncline.link_property_id_seq', 2, true);
SELECT pg_catalog.setval('syncline.open_error_id_seq', 6, true);
SELECT pg_catalog.setval('syncline.resource_id', 22, true);
SELECT pg_catalog.setval('syncline.sync_error_seq_seq', 25, true);
SELECT pg_catalog.setval('syncline.sync_event_seq_seq', 176, true);
SELECT pg_catalog.setval('syncline.sync_no_seq', 11, true);
ALTER TABLE ONLY syncline.connector
    ADD CONSTRAINT connector_name_key UNIQUE (name);
ALTER TABLE ONLY syncline.connector
    ADD CONSTRAINT connector_pkey PRIMARY KEY (id);
ALTER TABLE ONLY syncline.connector_revision
    ADD CONSTRAINT connector_revision_pkey PRIMARY KEY (connector, revision);
ALTER TABLE ONLY syncline.connector_schema
    ADD CONSTRAINT connector_schema_pkey PRIMARY KEY (connector);
ALTER TABLE ONLY syncline.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY syncline.delta_noted
    ADD CONSTRAINT delta_noted_pkey PRIMARY KEY (sync, connection, source_table, name);
ALTER TABLE ONLY syncline.delta_taken
    ADD CONSTRAINT delta_taken_pkey PRIMARY KEY (connector, connection, source_table, name);
ALTER TABLE ONLY syncline.entity_type
    ADD CONSTRAINT entity_type_name_key UNIQUE (name);
ALTER TABLE ONLY syncline.entity_type
    ADD CONSTRAINT entity_type_old_view_name_key UNIQUE (old_view_name);
ALTER TABLE ONLY syncline.entity_type
    ADD CONSTRAINT entity_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY syncline.entity_type_sync
    ADD CONSTRAINT entity_type_sync_pkey PRIMARY KEY (entity_type);
ALTER TABLE ONLY syncline.entity_type
    ADD CONSTRAINT entity_type_view_name_key UNIQUE (view_name);
ALTER TABLE ONLY syncline.execution
    ADD CONSTRAINT execution_id_key UNIQUE (id);
ALTER TABLE ONLY syncline.execution
    ADD CONSTRAINT execution_pkey PRIMARY KEY (no);
ALTER TABLE ONLY syncline.execution_result
    ADD CONSTRAINT execution_result_pkey PRIMARY KEY (execution, connector);
ALTER TABLE ONLY syncline.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);
ALTER TABLE ONLY syncline.inspection
    ADD CONSTRAINT inspection_pkey PRIMARY KEY (id);
ALTER TABLE ONLY syncline.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY syncline.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (name);
ALTER TABLE ONLY syncline.link_property
    ADD CONSTRAINT link_property_entity_type_name_target_key UNIQUE (entity_type, name, target);
ALTER TABLE ONLY syncline.link_property
    ADD CONSTRAINT link_property_pkey PRIMARY KEY (id);
ALTER TABLE ONLY syncline.managed_choice
    ADD CONSTRAINT managed_choice_pkey PRIMARY KEY (entity_type, key);
ALTER TABLE ONLY syncline.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY syncline.open_error
    ADD CONSTRAINT open_error_connector_identity_key UNIQUE (connector, identity);
ALTER TABLE ONLY syncline.open_error
    ADD CONSTRAINT open_error_pkey PRIMARY KEY (id);
ALTER TABLE ONLY syncline.open_error_read
    ADD CONSTRAINT open_error_read_pkey PRIMARY KEY (sync, error);
ALTER TABLE ONLY syncline.open_error_surplus
    ADD CONSTRAINT open_error_surplus_pkey PRIMARY KEY (connector, entity_type);
ALTER TABLE ONLY syncline.poll
    ADD CONSTRAINT poll_pkey PRIMARY KEY (connector, connection);
ALTER TABLE ONLY syncline.resource_text
    ADD CONSTRAINT resource_text_pkey PRIMARY KEY (entity_type, key);
ALTER TABLE ONLY syncline.source_columns
    ADD CONSTRAINT source_columns_pkey PRIMARY KEY (connector, connection, source_table);
ALTER TABLE ONLY syncline.source_pace
    ADD CONSTRAINT source_pace_pkey PRIMARY KEY (key);
ALTER TABLE ONLY syncline.source_turn
    ADD CONSTRAINT source_turn_pkey PRIMARY KEY (key, sync, connection);
ALTER TABLE syncline.sync
    ADD CONSTRAINT sync_dry_run_not_applied CHECK ((NOT (applied AND dry_run))) NOT VALID;
ALTER TABLE ONLY syncline.sync_error
    ADD CONSTRAINT sync_error_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY syncline.sync_event
    ADD CONSTRAINT sync_event_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY syncline.sync
    ADD CONSTRAINT sync_id_key UNIQUE (id);
ALTER TABLE ONLY syncline.sync
    ADD CONSTRAINT sync_pkey PRIMARY KEY (no);
ALTER TABLE ONLY syncline_staging.marker
    ADD CONSTRAINT marker_pkey PRIMARY KEY (sync, attempt);
CREATE INDEX change_key ON ONLY syncline.change USING btree (entity_type, key, sync);
CREATE INDEX change_shared_0_entity_type_key_sync_idx ON syncline.change_shared_0 USING btree (entity_type, key, sync);
CREATE INDEX change_sync ON ONLY syncline.change USING btree (sync, seq);
CREATE INDEX change_shared_0_sync_seq_idx ON syncline.change_shared_0 USING btree (sync, seq);
CREATE UNIQUE INDEX decision_accepted ON syncline.decision USING btree (sync) WHERE (accepted_at IS NOT NULL);
CREATE INDEX delta_noted_sha256_idx ON syncline.delta_noted USING btree (sha256);
CREATE INDEX entity_type_connector_idx ON syncline.entity_type USING btree (connector);
CREATE INDEX entity_type_sync_complete_sync_idx ON syncline.entity_type_sync USING btree (complete_sync);
CREATE INDEX entity_type_sync_last_sync_idx ON syncline.entity_type_sync USING btree (last_sync);
CREATE INDEX execution_created_at_idx ON syncline.execution USING btree (created_at);
CREATE UNIQUE INDEX execution_job_idx ON syncline.execution USING btree (job) WHERE (status = 'running'::text);
CREATE UNIQUE INDEX execution_job_idx1 ON syncline.execution USING btree (job) WHERE (status = 'waiting'::text);
CREATE INDEX execution_job_no_idx ON syncline.execution USING btree (job, no DESC);
CREATE INDEX execution_no_idx ON syncline.execution USING btree (no) WHERE (ended_at IS NULL);
CREATE INDEX idempotency_created_at_idx ON syncline.idempotency USING btree (created_at);
CREATE UNIQUE INDEX link_1_source_target_idx ON syncline.link_1 USING btree (source, target);
CREATE INDEX link_1_target_source_idx ON syncline.link_1 USING btree (target, source);
CREATE UNIQUE INDEX link_2_source_target_idx ON syncline.link_2 USING btree (source, target);
CREATE INDEX link_2_target_source_idx ON syncline.link_2 USING btree (target, source);
CREATE INDEX link_change_source ON ONLY syncline.link_change USING btree (source_key, property, sync);
CREATE INDEX link_change_shared_0_source_key_property_sync_idx ON syncline.link_change_shared_0 USING btree (source_key, property, sync);
CREATE INDEX link_change_sync ON ONLY syncline.link_change USING btree (sync, seq);
CREATE INDEX link_change_shared_0_sync_seq_idx ON syncline.link_change_shared_0 USING btree (sync, seq);
CREATE INDEX link_property_target_idx ON syncline.link_property USING btree (target);
CREATE INDEX managed_change_sync_entity_type_idx ON syncline.managed_change USING btree (sync, entity_type);
CREATE INDEX open_error_connector_last_seen_id_idx ON syncline.open_error USING btree (connector, last_seen DESC, id DESC);
CREATE INDEX open_error_last_seen_id_idx ON syncline.open_error USING btree (last_seen DESC, id DESC);
CREATE INDEX open_error_sync_idx ON syncline.open_error USING btree (sync);
CREATE UNIQUE INDEX resource_1_id_idx ON syncline.resource_1 USING btree (id);
CREATE UNIQUE INDEX resource_1_key_id_idx ON syncline.resource_1 USING btree (key) INCLUDE (id);
CREATE UNIQUE INDEX resource_2_id_idx ON syncline.resource_2 USING btree (id);
CREATE UNIQUE INDEX resource_2_key_id_idx ON syncline.resource_2 USING btree (key) INCLUDE (id);
CREATE UNIQUE INDEX resource_3_id_idx ON syncline.resource_3 USING btree (id);
CREATE UNIQUE INDEX resource_3_key_id_idx ON syncline.resource_3 USING btree (key) INCLUDE (id);
CREATE INDEX sync_connector_ended_at_idx ON syncline.sync USING btree (connector, ended_at DESC) WHERE (ended_at IS NOT NULL);
CREATE INDEX sync_connector_no_idx ON syncline.sync USING btree (connector, no DESC);
CREATE INDEX sync_connector_no_idx1 ON syncline.sync USING btree (connector, no DESC) WHERE applied;
CREATE INDEX sync_created_at_idx ON syncline.sync USING btree (created_at);
CREATE INDEX sync_ended_at_idx ON syncline.sync USING btree (ended_at) WHERE (changes_removed_at IS NULL);
CREATE INDEX sync_error_sync_seq_idx ON syncline.sync_error USING btree (sync, seq);
CREATE INDEX sync_event_sync_seq_idx ON syncline.sync_event USING btree (sync, seq);
CREATE INDEX sync_execution_id_idx ON syncline.sync USING btree (execution_id) WHERE (execution_id IS NOT NULL);
CREATE INDEX sync_job_no_idx ON syncline.sync USING btree (job, no DESC) WHERE (job IS NOT NULL);
CREATE INDEX sync_status_idx ON syncline.sync USING btree (status) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text, 'held'::text]));
ALTER INDEX syncline.change_key ATTACH PARTITION syncline.change_shared_0_entity_type_key_sync_idx;
ALTER INDEX syncline.change_sync ATTACH PARTITION syncline.change_shared_0_sync_seq_idx;
ALTER INDEX syncline.link_change_source ATTACH PARTITION syncline.link_change_shared_0_source_key_property_sync_idx;
ALTER INDEX syncline.link_change_sync ATTACH PARTITION syncline.link_change_shared_0_sync_seq_idx;
CREATE TRIGGER text_of_deleted AFTER DELETE ON syncline.resource REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_deleted AFTER DELETE ON syncline.resource_1 REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_deleted AFTER DELETE ON syncline.resource_2 REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_deleted AFTER DELETE ON syncline.resource_3 REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_inserted AFTER INSERT ON syncline.resource REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_inserted AFTER INSERT ON syncline.resource_1 REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_inserted AFTER INSERT ON syncline.resource_2 REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_inserted AFTER INSERT ON syncline.resource_3 REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_updated AFTER UPDATE ON syncline.resource REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_updated AFTER UPDATE ON syncline.resource_1 REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_updated AFTER UPDATE ON syncline.resource_2 REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
CREATE TRIGGER text_of_updated AFTER UPDATE ON syncline.resource_3 REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION syncline.keep_resource_text();
ALTER TABLE ONLY syncline.connector_revision
    ADD CONSTRAINT connector_revision_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.connector_schema
    ADD CONSTRAINT connector_schema_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.decision
    ADD CONSTRAINT decision_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.delta_noted
    ADD CONSTRAINT delta_noted_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.delta_taken
    ADD CONSTRAINT delta_taken_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.entity_type
    ADD CONSTRAINT entity_type_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id);
ALTER TABLE ONLY syncline.entity_type_sync
    ADD CONSTRAINT entity_type_sync_complete_sync_fkey FOREIGN KEY (complete_sync) REFERENCES syncline.sync(no) ON DELETE SET NULL;
ALTER TABLE ONLY syncline.entity_type_sync
    ADD CONSTRAINT entity_type_sync_entity_type_fkey FOREIGN KEY (entity_type) REFERENCES syncline.entity_type(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.entity_type_sync
    ADD CONSTRAINT entity_type_sync_last_sync_fkey FOREIGN KEY (last_sync) REFERENCES syncline.sync(no) ON DELETE SET NULL;
ALTER TABLE ONLY syncline.execution_result
    ADD CONSTRAINT execution_result_execution_fkey FOREIGN KEY (execution) REFERENCES syncline.execution(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.link_property
    ADD CONSTRAINT link_property_entity_type_fkey FOREIGN KEY (entity_type) REFERENCES syncline.entity_type(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.link_property
    ADD CONSTRAINT link_property_target_fkey FOREIGN KEY (target) REFERENCES syncline.entity_type(id);
ALTER TABLE ONLY syncline.managed_choice
    ADD CONSTRAINT managed_choice_entity_type_fkey FOREIGN KEY (entity_type) REFERENCES syncline.entity_type(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.open_error
    ADD CONSTRAINT open_error_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.open_error_read
    ADD CONSTRAINT open_error_read_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.open_error_surplus
    ADD CONSTRAINT open_error_surplus_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.open_error
    ADD CONSTRAINT open_error_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.poll
    ADD CONSTRAINT poll_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.source_columns
    ADD CONSTRAINT source_columns_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.source_turn
    ADD CONSTRAINT source_turn_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.sync
    ADD CONSTRAINT sync_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.sync_error
    ADD CONSTRAINT sync_error_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.sync_event
    ADD CONSTRAINT sync_event_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
