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
CREATE AGGREGATE syncline.jsonb_merge(jsonb) (
    SFUNC = jsonb_concat,
    STYPE = jsonb,
    INITCOND = '{}'
);
CREATE SEQUENCE syncline.resource_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
SET default_tablespace = '';
CREATE TABLE syncline.resource (
    id bigint DEFAULT nextval('syncline.resource_id'::regclass) NOT NULL,
    entity_type integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    attributes jsonb NOT NULL,
    hash bigint GENERATED ALWAYS AS (jsonb_hash_extended(attributes, (0)::bigint)) STORED NOT NULL,
    managed boolean DEFAULT true NOT NULL
)
PARTITION BY LIST (entity_type);
CREATE VIEW syncline.badge AS
 SELECT (resource.attributes ->> 'no'::text) AS no,
    (resource.attributes ->> 'holder'::text) AS holder
   FROM syncline.resource
  WHERE (resource.entity_type = 3);
CREATE SEQUENCE syncline.change_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
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
    created_at timestamp with time zone DEFAULT now() NOT NULL
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
    decided_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE syncline.delta_taken (
    connector integer NOT NULL,
    connection text NOT NULL,
    sha256 text NOT NULL,
    name text NOT NULL,
    sync bigint NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
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
CREATE VIEW syncline."group" AS
 SELECT (resource.attributes ->> 'id'::text) AS id,
    (resource.attributes ->> 'title'::text) AS title
   FROM syncline.resource
  WHERE (resource.entity_type = 2);
CREATE TABLE syncline.idempotency (
    key text NOT NULL,
    request_hash text NOT NULL,
    status integer,
    headers jsonb,
    body jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE syncline.inspection (
    id uuid NOT NULL,
    kind text NOT NULL,
    file jsonb NOT NULL,
    result jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inspection_kind_check CHECK ((kind = ANY (ARRAY['test'::text, 'schema'::text])))
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
    stored bigint DEFAULT 0 NOT NULL
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
CREATE VIEW syncline.person AS
 SELECT (resource.attributes ->> 'id'::text) AS id,
    (resource.attributes ->> 'name'::text) AS name,
    (resource.attributes ->> 'mail'::text) AS mail
   FROM syncline.resource
  WHERE (resource.entity_type = 1);
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
    task_times jsonb DEFAULT '{}'::jsonb NOT NULL
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
	(-1, 31, 9, 3, 'i', 21, 'B3', NULL, '{"no": "B3", "holder": "E03"}', NULL, false),
	(-1, 32, 9, 3, 'i', 22, 'B4', NULL, '{"no": "B4", "holder": "E04"}', NULL, false),
	(-1, 33, 10, 1, 'u', 1, 'E01', '{"mail": "e01@example.org"}', '{"mail": null}', -8093719105836807381, false),
	(-1, 34, 10, 1, 'u', 2, 'E02', '{"mail": "e02@example.org"}', '{"mail": null}', -3218543097869105953, false),
	(-1, 35, 10, 1, 'u', 3, 'E03', '{"mail": "e03@example.org"}', '{"mail": null}', -4185457977515062921, false),
	(-1, 36, 10, 1, 'u', 4, 'E04', '{"mail": "e04@example.org"}', '{"mail": null}', 6762426856556467253, false),
	(-1, 37, 10, 1, 'u', 5, 'E05', '{"mail": "e05@example.org"}', '{"mail": null}', 4121947755690146025, false),
	(-1, 38, 10, 1, 'u', 6, 'E06', '{"mail": "e06@example.org"}', '{"mail": null}', -5312635305635826567, false),
	(-1, 39, 10, 1, 'u', 7, 'E07', '{"mail": "e07@example.org"}', '{"mail": null}', 3373249205970377200, false),
	(-1, 40, 10, 1, 'u', 8, 'E08', '{"mail": "e08@example.org"}', '{"mail": null}', 2816692478019349401, false),
	(-1, 41, 10, 1, 'u', 9, 'E09', '{"mail": "e09@example.org"}', '{"mail": null}', -6715828728919852299, false),
	(-1, 42, 10, 1, 'u', 18, 'E16', '{"mail": "late@example.org"}', '{"mail": null}', 1037080771075047012, false),
	(-1, 43, 10, 1, 'd', 10, 'E10', '{"id": "E10", "mail": "e10@example.org", "name": "Person E10"}', NULL, 5641972552820991577, false),
	(-1, 44, 10, 1, 'd', 11, 'E11', '{"id": "E11", "mail": "e11@example.org", "name": "Person E11"}', NULL, 5359162872034289446, false),
	(-1, 45, 10, 1, 'd', 12, 'E12', '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', NULL, 2671002797330856050, false),
	(-1, 46, 11, 1, 'i', 23, 'E17', NULL, '{"id": "E17", "name": "Newest"}', NULL, false),
	(-1, 47, 11, 1, 'u', 1, 'E01', '{"mail": "e01@example.org"}', '{"mail": null}', -8093719105836807381, false),
	(-1, 48, 11, 1, 'u', 2, 'E02', '{"mail": "e02@example.org"}', '{"mail": null}', -3218543097869105953, false),
	(-1, 49, 11, 1, 'u', 3, 'E03', '{"mail": "e03@example.org"}', '{"mail": null}', -4185457977515062921, false),
	(-1, 50, 11, 1, 'u', 4, 'E04', '{"mail": "e04@example.org"}', '{"mail": null}', 6762426856556467253, false);
INSERT INTO syncline.change_shared_0 VALUES
	(-1, 51, 11, 1, 'u', 5, 'E05', '{"mail": "e05@example.org"}', '{"mail": null}', 4121947755690146025, false),
	(-1, 52, 11, 1, 'u', 6, 'E06', '{"mail": "e06@example.org"}', '{"mail": null}', -5312635305635826567, false),
	(-1, 53, 11, 1, 'u', 7, 'E07', '{"mail": "e07@example.org"}', '{"mail": null}', 3373249205970377200, false),
	(-1, 54, 11, 1, 'u', 8, 'E08', '{"mail": "e08@example.org"}', '{"mail": null}', 2816692478019349401, false),
	(-1, 55, 11, 1, 'u', 9, 'E09', '{"mail": "e09@example.org"}', '{"mail": null}', -6715828728919852299, false),
	(-1, 56, 11, 1, 'u', 18, 'E16', '{"mail": "late@example.org"}', '{"mail": null}', 1037080771075047012, false),
	(-1, 57, 11, 1, 'd', 10, 'E10', '{"id": "E10", "mail": "e10@example.org", "name": "Person E10"}', NULL, 5641972552820991577, false),
	(-1, 58, 11, 1, 'd', 11, 'E11', '{"id": "E11", "mail": "e11@example.org", "name": "Person E11"}', NULL, 5359162872034289446, false),
	(-1, 59, 11, 1, 'd', 12, 'E12', '{"id": "E12", "mail": "e12@example.org", "name": "Person E12"}', NULL, 2671002797330856050, false);
INSERT INTO syncline.connector OVERRIDING SYSTEM VALUE VALUES
	(1, 'hr', 'Human resources', true, 1, 1, NULL, 1, 4, '2026-11-30 21:38:26.757211+00'),
	(2, 'feed', 'feed', true, 1, 1, NULL, 8, 2, '2026-11-30 21:38:27.249538+00');
INSERT INTO syncline.connector_revision VALUES
	(1, 1, '{"kind": "Connector", "name": "hr", "active": true, "apiVersion": "syncline/v1", "thresholds": {"maximumDeletedLines": 2, "maximumUpdatedLines": 100, "maximumInsertedLines": 100, "maxPercentageDeletedLines": 90, "maxPercentageUpdatedLines": 99, "maxPercentageInsertedLines": 90, "maxLinkPercentageDeletedLines": 99, "maxLinkPercentageUpdatedLines": 99, "maxLinkPercentageInsertedLines": 90}, "connections": [{"name": "files", "package": "csv", "secrets": {}, "settings": {"directory": "hr"}}], "displayName": "Human resources", "entityTypes": [{"key": ["id"], "name": "Person", "label": "name", "source": {"table": "people.csv", "connection": "files"}, "properties": {"id": {"type": "string", "column": "id", "multiValued": false, "caseInsensitive": false}, "mail": {"type": "string", "column": "mail", "multiValued": false, "caseInsensitive": false}, "name": {"type": "string", "column": "name", "multiValued": false, "caseInsensitive": false}}, "navigationProperties": {"manager": {"to": "Person", "column": "manager"}}}, {"key": ["id"], "name": "Group", "source": {"table": "groups.csv", "connection": "files"}, "properties": {"id": {"type": "string", "column": "id", "multiValued": false, "caseInsensitive": false}, "title": {"type": "string", "column": "title", "multiValued": false, "caseInsensitive": false}}, "navigationProperties": {"members": {"to": "Person", "table": "members.csv", "sourceColumn": "group", "targetColumn": "person"}}}]}', 'user:local', '2026-11-30 21:38:26.757211+00'),
	(2, 1, '{"kind": "Connector", "name": "feed", "active": true, "apiVersion": "syncline/v1", "thresholds": {"maximumInsertedLines": 100, "maxPercentageInsertedLines": 900}, "connections": [{"name": "files", "package": "csv", "secrets": {}, "settings": {"delta": {"directory": "feed-delta", "commandColumn": "command"}, "directory": "feed"}}], "entityTypes": [{"key": ["no"], "name": "Badge", "source": {"table": "badges.csv", "connection": "files"}, "properties": {"no": {"type": "string", "column": "no", "multiValued": false, "caseInsensitive": false}, "holder": {"type": "string", "column": "holder", "multiValued": false, "caseInsensitive": false}}, "navigationProperties": {}}]}', 'user:local', '2026-11-30 21:38:27.249538+00');
INSERT INTO syncline.decision VALUES
	('01a22e65-2a3c-710a-84f7-28ea72ac7ad8', 1, 'resume', 'sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582', 'user:local', 'first load', '2026-11-30 21:38:31.614182+00'),
	('01a22e65-4777-70e9-917d-8f6cfaa9203d', 3, 'reject', 'sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6', 'user:local', 'the export was cut short', '2026-11-30 21:38:39.105292+00'),
	('01a22e65-5bfb-77e7-b60a-ec47f5304603', 4, 'resume', 'sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73', 'user:local', 'they have left', '2026-11-30 21:38:44.348389+00'),
	('01a22e65-6fd1-72b1-873b-6b2f23850d1a', 8, 'resume', 'sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd', 'user:local', 'first load', '2026-11-30 21:38:49.426097+00'),
	('01a22e65-8063-7421-839f-4b995b395882', 10, 'supersede', 'sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62', 'user:local', NULL, '2026-11-30 21:38:53.669763+00');
INSERT INTO syncline.delta_taken VALUES
	(2, 'files', 'c530e6ba6e1ea1780ff314b7a23f0ae86a628aafffb43e798850ddecfc53ac40', 'badges-1.csv', 9, '2026-11-30 21:38:51.380406+00'),
	(2, 'files', 'f5bd30cb5c32b49937d8859340a355afc4671079f58d6c5ac449d98c07ffd1c0', 'badges-2.csv', 9, '2026-11-30 21:38:51.380406+00');
INSERT INTO syncline.entity_type OVERRIDING SYSTEM VALUE VALUES
	(2, 1, 'Group', 'Group', '{id}', NULL, '[{"name": "id", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "title", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}]', false, 2, 'group', NULL, false),
	(1, 1, 'Person', 'Person', '{id}', 'name', '[{"name": "id", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "name", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "mail", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}]', false, 13, 'person', NULL, false),
	(3, 2, 'Badge', 'Badge', '{no}', NULL, '[{"name": "no", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}, {"name": "holder", "type": "string", "retired": false, "multiValued": false, "caseInsensitive": false}]', false, 4, 'badge', NULL, false);
INSERT INTO syncline.entity_type_sync VALUES
	(1, 4, 4),
	(2, 4, 4),
	(3, 9, 8);
INSERT INTO syncline.job VALUES
	('nightly', 'complete', '{hr}', false, '0 0 1 1 *', 'UTC', 'skip', false, NULL, false, 1, NULL, NULL, '2026-11-30 21:38:27.601287+00', '2026-11-30 21:38:27.601287+00');
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
	(1, 1, 'manager', 1, false, false, 11),
	(2, 2, 'members', 1, true, false, 13);
INSERT INTO syncline.migration VALUES
	('0001-foundation', '2026-11-30 21:37:42.671639+00'),
	('0002-stored-counts', '2026-11-30 21:37:42.813557+00'),
	('0003-clean-up', '2026-11-30 21:37:42.829199+00'),
	('0004-views', '2026-11-30 21:37:42.842426+00'),
	('0005-change-partitions', '2026-11-30 21:37:42.845812+00'),
	('0006-jobs', '2026-11-30 21:37:42.869401+00'),
	('0007-polls', '2026-11-30 21:37:42.901743+00'),
	('0008-limits', '2026-11-30 21:37:42.911091+00'),
	('0009-managed', '2026-11-30 21:37:42.920405+00'),
	('0010-sync-status', '2026-11-30 21:37:42.936152+00'),
	('0011-link-change-index', '2026-11-30 21:37:42.961983+00');
INSERT INTO syncline.open_error OVERRIDING SYSTEM VALUE VALUES
	(4, 1, '882cf04b-96ed-08a5-d406-fdb9b3cc9a60', NULL, 'people.csv', NULL, NULL, NULL, NULL, 'missing-file', 'The file people.csv is not in its folder. Put it there, or correct the table of the connector file.', 'sync-failed', 'complete-sync', 1, false, '2026-11-30 21:38:48.220091+00', '2026-11-30 21:38:48.220091+00', '2026-11-30 21:38:48.026395+00', 7),
	(3, 1, '550ee7a8-f058-977b-69c6-e67ba80f82e1', 'Group', 'members.csv', 11, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected', 'read', 6, true, '2026-11-30 21:38:36.119267+00', '2026-11-30 21:38:54.373706+00', '2026-11-30 21:38:54.373706+00', 11),
	(5, 1, '4a714472-0d38-c77b-9b39-88fa149827bb', 'Person', 'people.csv', 12, 'id', 'id', NULL, 'key-empty', 'The key is empty.', 'row-rejected', 'read', 1, false, '2026-11-30 21:38:54.373706+00', '2026-11-30 21:38:54.373706+00', '2026-11-30 21:38:54.373706+00', 11),
	(6, 1, '5cefc8d9-6710-50b5-bf29-f08bde8fb1c7', 'Person', 'people.csv', 13, NULL, 'manager', '{E17}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected', 'read', 1, false, '2026-11-30 21:38:54.373706+00', '2026-11-30 21:38:54.373706+00', '2026-11-30 21:38:54.373706+00', 11);
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
	(21, 3, 'B3', '{"no": "B3", "holder": "E03"}', DEFAULT, true),
	(22, 3, 'B4', '{"no": "B4", "holder": "E04"}', DEFAULT, true);
INSERT INTO syncline.source_columns VALUES
	(1, 'files', 'people.csv', '{id,name,mail,manager}'),
	(1, 'files', 'groups.csv', '{id,title}'),
	(1, 'files', 'members.csv', '{group,person}'),
	(2, 'files', 'badges.csv', '{no,holder}');
INSERT INTO syncline.sync OVERRIDING SYSTEM VALUE VALUES
	(7, '01a22e65-6943-73b6-ab80-daaf262ddbf4', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'failed', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-6960-741a-a4a8-d84ab81aab78', '2026-11-30 21:38:47.747959+00', '2026-11-30 21:38:47.890739+00', '2026-11-30 21:38:48.168023+00', 'export', '{"rowsExported": 0, "rowsPrepared": 0, "rowsRejected": 0}', '{}', 0, 0, NULL, NULL, '{}', '[]', '[]', '[]', NULL, NULL, '{"code": "missing-file", "table": "people.csv", "message": "The file people.csv is not in its folder. Put it there, or correct the table of the connector file."}', '2026-11-30 21:38:48.026395+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"export": {"startedAt": "2026-11-30T21:38:48.046127Z"}}'),
	(1, '01a22e65-1c36-716d-86fc-8c843bc19a33', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-1c8d-715d-8cdc-6ed903697ebf', '2026-11-30 21:38:28.024556+00', '2026-11-30 21:38:28.448493+00', '2026-11-30 21:38:32.229274+00', 'synchronize', '{"rowsExported": 33, "rowsPrepared": 33, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582', 47, '{"Group": {"read": 2, "links": {"members": {"stored": 0, "deleted": 0, "updated": 0, "inserted": 16, "rejected": 0}}, "stored": 0, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 2, "rejected": 0, "unchanged": 0, "duplicates": 0}, "Person": {"read": 15, "links": {"manager": {"stored": 0, "deleted": 0, "updated": 0, "inserted": 14, "rejected": 0}}, "stored": 0, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 15, "rejected": 0, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 17, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 17, "stored": 0, "exceeded": true, "limitLines": 0}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 30, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 30, "stored": 0, "exceeded": true, "limitLines": 0}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 33, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 33, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 17 inserted lines, limit 90 % of 0 = 0"}, {"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 30 inserted links, limit 90 % of 0 = 0"}]', '[{"code": "first-sync", "lines": 15, "message": "Nothing was stored before: this is the first sync of Person.", "examples": [], "entityType": "Person"}, {"code": "first-sync", "lines": 2, "message": "Nothing was stored before: this is the first sync of Group.", "examples": [], "entityType": "Group"}]', NULL, '{"at": "2026-11-30T21:38:31.614182Z", "by": "user:local", "action": "resume", "digest": "sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582", "reason": "first load"}', NULL, '2026-11-30 21:38:28.573342+00', '{"syncId": "01a22e65-1c36-716d-86fc-8c843bc19a33", "attempts": [{"attempt": "files-1-91c8e50d", "connection": "files"}]}', '{"mode": "complete", "sync": 1, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 15, "accepted": 15, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 543, "sha256": "d4af1bb980f872f215e5e9fb5e096d88369898c7f55cd4af9a23d4d45bed5142"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "1d3f77f6", "consumed": true, "exportRef": {"syncId": "01a22e65-1c36-716d-86fc-8c843bc19a33", "attempts": [{"attempt": "files-1-91c8e50d", "connection": "files"}]}}', '{"1": 0}', '2026-11-30 21:38:32.079644+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:28.877003Z", "startedAt": "2026-11-30T21:38:28.576172Z"}, "prepare": {"endedAt": "2026-11-30T21:38:29.966311Z", "startedAt": "2026-11-30T21:38:28.975320Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:30.074082Z"}}'),
	(2, '01a22e65-2d6e-70c5-be5a-f5af545c4e4e', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed-with-errors', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-2d7f-706c-886e-b753d1d390c2', '2026-11-30 21:38:32.431508+00', '2026-11-30 21:38:32.57564+00', '2026-11-30 21:38:35.348776+00', 'synchronize', '{"rowsExported": 35, "rowsPrepared": 35, "rowsRejected": 1}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:766a760f00c350eea95986aa6e5d4ac1b7e0c939a75a0b9f5f0584314335904a', 2, '{"Group": {"read": 2, "links": {"members": {"stored": 16, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 17, "links": {"manager": {"stored": 14, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 1}}, "stored": 15, "deleted": 0, "updated": 1, "filtered": 0, "inserted": 1, "rejected": 1, "unchanged": 14, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 17, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 15}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 1, "stored": 17, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 17, "exceeded": false, "limitLines": 15}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 35, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 1, "stored": 35, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:38:32.791447+00', '{"syncId": "01a22e65-2d6e-70c5-be5a-f5af545c4e4e", "attempts": [{"attempt": "files-1-ec1f0b5a", "connection": "files"}]}', '{"mode": "complete", "sync": 2, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 17, "accepted": 16, "filtered": 0, "rejected": 1, "duplicates": 0, "unreadable": 1}}, "tables": [{"files": [{"name": "people.csv", "bytes": 598, "sha256": "a841857f98834ef5200ab0c23b4d36f02bf4e8911f1d3d9fec92a2ed5229e462"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "36903a2e", "consumed": true, "narrowed": {"base": 1, "inARow": 1}, "exportRef": {"syncId": "01a22e65-2d6e-70c5-be5a-f5af545c4e4e", "attempts": [{"attempt": "files-1-ec1f0b5a", "connection": "files"}]}}', '{"1": 1}', '2026-11-30 21:38:35.242921+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:33.734332Z", "startedAt": "2026-11-30T21:38:32.793420Z"}, "prepare": {"endedAt": "2026-11-30T21:38:34.193188Z", "startedAt": "2026-11-30T21:38:33.789060Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:34.258772Z"}}'),
	(3, '01a22e65-399d-72b7-9495-8e25e06ef551', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'rejected', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-3a14-7d8b-93d2-3e63d8531e65', '2026-11-30 21:38:35.564048+00', '2026-11-30 21:38:35.767469+00', '2026-11-30 21:38:39.336067+00', 'synchronize', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6', 10, '{"Group": {"read": 2, "links": {"members": {"stored": 16, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 3}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 12, "links": {"manager": {"stored": 14, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 16, "deleted": 4, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 12, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 4, "stored": 18, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 17}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 4, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 4 deleted lines, limit 2"}]', '[]', NULL, '{"at": "2026-11-30T21:38:39.105292Z", "by": "user:local", "action": "reject", "digest": "sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6", "reason": "the export was cut short"}', NULL, '2026-11-30 21:38:36.119267+00', '{"syncId": "01a22e65-399d-72b7-9495-8e25e06ef551", "attempts": [{"attempt": "files-1-77d76b96", "connection": "files"}]}', '{"mode": "complete", "sync": 3, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 12, "accepted": 12, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 440, "sha256": "b015b2f1a1e913bc4cc5ea05e8cbf87f4bd3c78407ab653e859f23c38de069fb"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "3ce5f704", "consumed": true, "exportRef": {"syncId": "01a22e65-399d-72b7-9495-8e25e06ef551", "attempts": [{"attempt": "files-1-77d76b96", "connection": "files"}]}}', '{"1": 2}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:36.747354Z", "startedAt": "2026-11-30T21:38:36.121036Z"}, "prepare": {"endedAt": "2026-11-30T21:38:37.563433Z", "startedAt": "2026-11-30T21:38:37.071200Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:38.130412Z"}}'),
	(6, '01a22e65-617e-7523-9fd7-c3816c0298f6', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, true, 'completed', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-6199-7cfb-a7d3-ee8fef181a1a', '2026-11-30 21:38:45.761221+00', '2026-11-30 21:38:45.947156+00', '2026-11-30 21:38:47.520353+00', 'synchronize', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:6d7fefde6a8270f452864c0e43a942265a9c8bfc4e0e5dfb63dd8dba28c68913', 0, '{"Group": {"read": 2, "links": {"members": {"stored": 13, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 3}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 13, "links": {"manager": {"stored": 11, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 13, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 13, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 14}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 21}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:38:46.078585+00', '{"syncId": "01a22e65-617e-7523-9fd7-c3816c0298f6", "attempts": [{"attempt": "files-1-c4f51dad", "connection": "files"}]}', '{"mode": "complete", "sync": 6, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 13, "accepted": 13, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 470, "sha256": "3d615b388a15ddfef122638c1ddcee2861d9ef267469793c70ed5cd0b6b1b49b"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "7551884d", "consumed": true, "exportRef": {"syncId": "01a22e65-617e-7523-9fd7-c3816c0298f6", "attempts": [{"attempt": "files-1-c4f51dad", "connection": "files"}]}}', '{"1": 4}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:46.231711Z", "startedAt": "2026-11-30T21:38:46.080196Z"}, "prepare": {"endedAt": "2026-11-30T21:38:46.774138Z", "startedAt": "2026-11-30T21:38:46.544927Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:46.988652Z"}}'),
	(5, '01a22e65-51a4-70fb-92ca-f3d579028974', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', '{"keys": {"Person": [["E04"]]}}', false, 'completed', true, 'high-priority', 'high', NULL, NULL, 'user:local', 1, 'sync-items:hr:01a22e65-51a4-70fb-92ca-f3d579028974', '01a22e65-51b1-7645-8969-0ad0969fd81b', '2026-11-30 21:38:41.705742+00', '2026-11-30 21:38:42.151716+00', '2026-11-30 21:38:44.204126+00', 'synchronize', '{"rowsExported": 13, "rowsPrepared": 13, "rowsRejected": 0}', '{"people.csv": {"certified": true}}', 0, 0, 'sha256:f34d765e66ab5a6e9e646b0c6e60f5b110667d5644e1a4bc36edef7be4914fb5', 1, '{"Person": {"read": 13, "links": {"manager": {"stored": 14, "deleted": 0, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 16, "deleted": 0, "updated": 1, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 15, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 17}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 13, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 13, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:38:42.496866+00', '{"syncId": "01a22e65-51a4-70fb-92ca-f3d579028974", "attempts": [{"attempt": "files-1-199c3f2f", "connection": "files"}]}', '{"mode": "complete", "sync": 5, "links": {}, "scope": {"keys": {"Person": [["E04"]]}}, "types": {"Person": {"read": 13, "accepted": 13, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 470, "sha256": "3d615b388a15ddfef122638c1ddcee2861d9ef267469793c70ed5cd0b6b1b49b"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}], "attempt": "ec493f58", "consumed": true, "exportRef": {"syncId": "01a22e65-51a4-70fb-92ca-f3d579028974", "attempts": [{"attempt": "files-1-199c3f2f", "connection": "files"}]}}', '{"1": 2}', '2026-11-30 21:38:44.12484+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:42.709888Z", "startedAt": "2026-11-30T21:38:42.533941Z"}, "prepare": {"endedAt": "2026-11-30T21:38:43.204400Z", "startedAt": "2026-11-30T21:38:42.903391Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:43.307607Z"}}'),
	(4, '01a22e65-4904-75e2-9008-1d5f7a09bf83', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed-with-errors', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-490d-7a23-b57c-372e4d296def', '2026-11-30 21:38:39.493368+00', '2026-11-30 21:38:39.6309+00', '2026-11-30 21:38:44.915278+00', 'synchronize', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 1, 'sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73', 10, '{"Group": {"read": 2, "links": {"members": {"stored": 16, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 3}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 13, "links": {"manager": {"stored": 14, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 16, "deleted": 3, "updated": 1, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 12, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 3, "stored": 18, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 1, "stored": 18, "exceeded": false, "limitLines": 17}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 3, "stored": 18, "exceeded": false, "limitLines": 16}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 27}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 30, "exceeded": false, "limitLines": 29}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 31, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 3 deleted lines, limit 2"}]', '[]', NULL, '{"at": "2026-11-30T21:38:44.348389Z", "by": "user:local", "action": "resume", "digest": "sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73", "reason": "they have left"}', NULL, '2026-11-30 21:38:39.862071+00', '{"syncId": "01a22e65-4904-75e2-9008-1d5f7a09bf83", "attempts": [{"attempt": "files-1-7b1578e0", "connection": "files"}]}', '{"mode": "complete", "sync": 4, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 13, "accepted": 13, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 463, "sha256": "33cb6d8a93e1d85148ecb759981109b22f07ba83ad7dcde77e5311c1f74f1a1f"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "f9cef1cc", "consumed": true, "exportRef": {"syncId": "01a22e65-4904-75e2-9008-1d5f7a09bf83", "attempts": [{"attempt": "files-1-7b1578e0", "connection": "files"}]}}', '{"1": 2}', '2026-11-30 21:38:44.74962+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:40.022209Z", "startedAt": "2026-11-30T21:38:39.864420Z"}, "prepare": {"endedAt": "2026-11-30T21:38:40.387681Z", "startedAt": "2026-11-30T21:38:40.075508Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:40.508814Z"}}'),
	(9, '01a22e65-7388-7225-932b-b0693b8045a7', 2, 'incremental', 'incremental', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:feed', '01a22e65-7396-7737-9cfb-b42ad47fdeae', '2026-11-30 21:38:50.380203+00', '2026-11-30 21:38:50.53514+00', '2026-11-30 21:38:51.572792+00', 'synchronize', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}', '{"badges.csv": {"certified": true}}', 0, 0, 'sha256:8b23dd22ebb572ff17457dab7bb593d3aebf1ac3e1b2371d099e7c1837a3ab84', 2, '{"Badge": {"read": 2, "links": {}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 2, "rejected": 0, "unchanged": 2, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 2, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageInsertedLines", "limit": 900, "scope": "connector", "actual": 2, "stored": 2, "exceeded": false, "limitLines": 18}, {"name": "maxPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 1}, {"name": "maxPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 1}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 10}]', '[]', '[]', NULL, NULL, NULL, '2026-11-30 21:38:50.649644+00', '{"syncId": "01a22e65-7388-7225-932b-b0693b8045a7", "attempts": [{"attempt": "files-1-0d3e16df", "connection": "files"}]}', '{"mode": "incremental", "sync": 9, "links": {}, "scope": null, "types": {"Badge": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "badges-1.csv", "bytes": 32, "sha256": "c530e6ba6e1ea1780ff314b7a23f0ae86a628aafffb43e798850ddecfc53ac40"}, {"name": "badges-2.csv", "bytes": 32, "sha256": "f5bd30cb5c32b49937d8859340a355afc4671079f58d6c5ac449d98c07ffd1c0"}], "table": "badges.csv", "columns": ["command", "no", "holder"], "certified": true, "connection": "files"}], "attempt": "8e690861", "consumed": true, "exportRef": {"syncId": "01a22e65-7388-7225-932b-b0693b8045a7", "attempts": [{"attempt": "files-1-0d3e16df", "connection": "files"}]}}', '{"2": 1}', '2026-11-30 21:38:51.41431+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:50.795961Z", "startedAt": "2026-11-30T21:38:50.650948Z"}, "prepare": {"endedAt": "2026-11-30T21:38:51.008692Z", "startedAt": "2026-11-30T21:38:50.865557Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:51.079360Z"}}'),
	(8, '01a22e65-6b7b-7034-aa76-70e00d1e3185', 2, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'completed', true, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:feed', '01a22e65-6b9b-78cf-b71f-b07e16a45177', '2026-11-30 21:38:48.315743+00', '2026-11-30 21:38:48.522255+00', '2026-11-30 21:38:49.866845+00', 'synchronize', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}', '{"badges.csv": {"certified": true}}', 0, 0, 'sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd', 2, '{"Badge": {"read": 2, "links": {}, "stored": 0, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 2, "rejected": 0, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 2, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageInsertedLines", "limit": 900, "scope": "connector", "actual": 2, "stored": 0, "exceeded": true, "limitLines": 0}, {"name": "maxPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageUpdatedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maxLinkPercentageDeletedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 0, "exceeded": false, "limitLines": 0}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 2, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 2 inserted lines, limit 900 % of 0 = 0"}]', '[{"code": "first-sync", "lines": 2, "message": "Nothing was stored before: this is the first sync of Badge.", "examples": [], "entityType": "Badge"}]', NULL, '{"at": "2026-11-30T21:38:49.426097Z", "by": "user:local", "action": "resume", "digest": "sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd", "reason": "first load"}', NULL, '2026-11-30 21:38:48.70559+00', '{"syncId": "01a22e65-6b7b-7034-aa76-70e00d1e3185", "attempts": [{"attempt": "files-1-f06655f6", "connection": "files"}]}', '{"mode": "complete", "sync": 8, "links": {}, "scope": null, "types": {"Badge": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "badges.csv", "bytes": 24, "sha256": "50bcdd55f491a7c788468646016bf82541cddcce4e7d4b739dd668b9a2824436"}], "table": "badges.csv", "columns": ["no", "holder"], "certified": true, "connection": "files"}], "attempt": "91a2e63a", "consumed": true, "exportRef": {"syncId": "01a22e65-6b7b-7034-aa76-70e00d1e3185", "attempts": [{"attempt": "files-1-f06655f6", "connection": "files"}]}}', '{"2": 0}', '2026-11-30 21:38:49.68866+00', NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:48.865540Z", "startedAt": "2026-11-30T21:38:48.707678Z"}, "prepare": {"endedAt": "2026-11-30T21:38:49.136006Z", "startedAt": "2026-11-30T21:38:48.930646Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:49.200995Z"}}'),
	(10, '01a22e65-7944-73e5-b21d-d1f762fe0688', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'superseded', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-7982-75ee-a277-57fa0b68b41f', '2026-11-30 21:38:51.847643+00', '2026-11-30 21:38:52.091668+00', '2026-11-30 21:38:53.882058+00', 'synchronize', '{"rowsExported": 28, "rowsPrepared": 28, "rowsRejected": 0}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62', 19, '{"Group": {"read": 2, "links": {"members": {"stored": 13, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 6}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 10, "links": {"manager": {"stored": 11, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 0}}, "stored": 13, "deleted": 3, "updated": 10, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 3, "stored": 15, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 14}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 3, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 21}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 0, "stored": 28, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 0, "stored": 28, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 3 deleted lines, limit 2"}]', '[]', NULL, '{"at": "2026-11-30T21:38:53.669763Z", "by": "user:local", "action": "supersede", "digest": "sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62", "reason": null}', NULL, '2026-11-30 21:38:52.296688+00', '{"syncId": "01a22e65-7944-73e5-b21d-d1f762fe0688", "attempts": [{"attempt": "files-1-c9e86630", "connection": "files"}]}', '{"mode": "complete", "sync": 10, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 10, "accepted": 10, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "tables": [{"files": [{"name": "people.csv", "bytes": 214, "sha256": "84869568316c4a9936959576d6d79bb4cd29078e7dbc1c5a3500b83767e5968d"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "86fc6332", "consumed": true, "exportRef": {"syncId": "01a22e65-7944-73e5-b21d-d1f762fe0688", "attempts": [{"attempt": "files-1-c9e86630", "connection": "files"}]}}', '{"1": 4}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:52.433900Z", "startedAt": "2026-11-30T21:38:52.301497Z"}, "prepare": {"endedAt": "2026-11-30T21:38:52.856588Z", "startedAt": "2026-11-30T21:38:52.528264Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:52.905881Z"}}'),
	(11, '01a22e65-824d-72d7-9f88-9552dc995408', 1, 'complete', 'complete', '{export,prepare,synchronize,update-expressions}', NULL, false, 'held', false, 'manual', 'normal', NULL, NULL, 'user:local', 1, 'sync:hr', '01a22e65-8277-753c-9b81-ff7d933f218a', '2026-11-30 21:38:54.158033+00', '2026-11-30 21:38:54.283667+00', NULL, 'synchronize', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 1}', '{"groups.csv": {"certified": true}, "people.csv": {"certified": true}, "members.csv": {"certified": true}}', 0, 0, 'sha256:e3b2f9e77bf3e7ea93f8205453d0a2512bdd83901194a7d80fb292879846cbe9', 20, '{"Group": {"read": 2, "links": {"members": {"stored": 13, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 6}}, "stored": 2, "deleted": 0, "updated": 0, "filtered": 0, "inserted": 0, "rejected": 0, "unchanged": 2, "duplicates": 0}, "Person": {"read": 12, "links": {"manager": {"stored": 11, "deleted": 3, "updated": 0, "inserted": 0, "rejected": 1}}, "stored": 13, "deleted": 3, "updated": 10, "filtered": 0, "inserted": 1, "rejected": 1, "unchanged": 0, "duplicates": 0}}', '[{"name": "maximumInsertedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumUpdatedLines", "limit": 100, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 100}, {"name": "maximumDeletedLines", "limit": 2, "scope": "connector", "actual": 3, "stored": 15, "exceeded": true, "limitLines": 2}, {"name": "maxPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 1, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maxPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 10, "stored": 15, "exceeded": false, "limitLines": 14}, {"name": "maxPercentageDeletedLines", "limit": 90, "scope": "connector", "actual": 3, "stored": 15, "exceeded": false, "limitLines": 13}, {"name": "maximumLinkInsertedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkUpdatedLines", "limit": 1000, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maximumLinkDeletedLines", "limit": 1000, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 1000}, {"name": "maxLinkPercentageInsertedLines", "limit": 90, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 21}, {"name": "maxLinkPercentageUpdatedLines", "limit": 99, "scope": "connector", "actual": 0, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maxLinkPercentageDeletedLines", "limit": 99, "scope": "connector", "actual": 6, "stored": 24, "exceeded": false, "limitLines": 23}, {"name": "maximumRejectedLines", "limit": 100, "scope": "connector", "actual": 1, "stored": 30, "exceeded": false, "limitLines": 100}, {"name": "maxPercentageRejectedLines", "limit": 5, "scope": "connector", "actual": 1, "stored": 30, "exceeded": false, "limitLines": 10}]', '[{"code": "threshold-exceeded", "scope": "connector", "message": "Threshold Exceeded: 3 deleted lines, limit 2"}, {"code": "unreadable-key", "scope": "Person", "message": "Person would lose something while a row of it has a key that could not be read: it may be the one that is missed."}]', '[]', '{"since": "2026-11-30T21:38:55.841Z", "reason": "approval"}', NULL, NULL, '2026-11-30 21:38:54.373706+00', '{"syncId": "01a22e65-824d-72d7-9f88-9552dc995408", "attempts": [{"attempt": "files-1-4b453a80", "connection": "files"}]}', '{"mode": "complete", "sync": 11, "links": {"Group.members": {"read": 16, "accepted": 16, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}}, "scope": null, "types": {"Group": {"read": 2, "accepted": 2, "filtered": 0, "rejected": 0, "duplicates": 0, "unreadable": 0}, "Person": {"read": 12, "accepted": 11, "filtered": 0, "rejected": 1, "duplicates": 0, "unreadable": 1}}, "tables": [{"files": [{"name": "people.csv", "bytes": 240, "sha256": "03e32eb9e788881f9c48696f6b35bf625c13eb39ad1e49d94bd86df7a9ce421f"}], "table": "people.csv", "columns": ["id", "name", "mail", "manager"], "certified": true, "connection": "files"}, {"files": [{"name": "groups.csv", "bytes": 24, "sha256": "efdb16647756e75944f2dc210c47cf2d79aa1fa4e4e085b60495250f9706c754"}], "table": "groups.csv", "columns": ["id", "title"], "certified": true, "connection": "files"}, {"files": [{"name": "members.csv", "bytes": 125, "sha256": "65693372a3f445e65d9020ca93207aa7e72e8c660aeae0f38fdd6fcd17c49d4a"}], "table": "members.csv", "columns": ["group", "person"], "certified": true, "connection": "files"}], "attempt": "60590445", "consumed": true, "exportRef": {"syncId": "01a22e65-824d-72d7-9f88-9552dc995408", "attempts": [{"attempt": "files-1-4b453a80", "connection": "files"}]}}', '{"1": 4}', NULL, NULL, NULL, NULL, '{"export": {"endedAt": "2026-11-30T21:38:54.553296Z", "startedAt": "2026-11-30T21:38:54.375512Z"}, "prepare": {"endedAt": "2026-11-30T21:38:55.143584Z", "startedAt": "2026-11-30T21:38:54.648448Z"}, "synchronize": {"startedAt": "2026-11-30T21:38:55.250492Z"}}');
INSERT INTO syncline.sync_error OVERRIDING SYSTEM VALUE VALUES
	(1, 2, 'Person', 'people.csv', 17, 'id', 'id', NULL, 'key-empty', 'The key is empty.', 'row-rejected'),
	(2, 2, 'Person', 'people.csv', 18, NULL, 'manager', '{E16}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(3, 3, 'Group', 'members.csv', 13, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(4, 3, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(5, 3, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(6, 4, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(7, 4, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(8, 4, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(9, 6, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(10, 6, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(11, 6, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(12, 10, 'Group', 'members.csv', 11, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(13, 10, 'Group', 'members.csv', 12, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(14, 10, 'Group', 'members.csv', 13, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(15, 10, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(16, 10, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(17, 10, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(18, 11, 'Person', 'people.csv', 12, 'id', 'id', NULL, 'key-empty', 'The key is empty.', 'row-rejected'),
	(19, 11, 'Person', 'people.csv', 13, NULL, 'manager', '{E17}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(20, 11, 'Group', 'members.csv', 11, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(21, 11, 'Group', 'members.csv', 12, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(22, 11, 'Group', 'members.csv', 13, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(23, 11, 'Group', 'members.csv', 14, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(24, 11, 'Group', 'members.csv', 15, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected'),
	(25, 11, 'Group', 'members.csv', 16, NULL, 'members', '{G1}', 'dangling-link', 'The link leads to a resource that does not exist.', 'link-rejected');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(1, 1, '2026-11-30 21:38:28.459212+00', 'status', '{"status": "running"}'),
	(2, 1, '2026-11-30 21:38:28.577917+00', 'status', '{"phase": "export", "status": "running"}'),
	(3, 1, '2026-11-30 21:38:28.75378+00', 'log', '{"task": "export", "level": "info", "message": "Read 15 rows of people.csv"}'),
	(4, 1, '2026-11-30 21:38:28.775139+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(5, 1, '2026-11-30 21:38:28.786984+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(6, 1, '2026-11-30 21:38:28.795207+00', 'progress', '{"rowsExported": 33, "rowsPrepared": 0, "rowsRejected": 0}'),
	(7, 1, '2026-11-30 21:38:28.979633+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(8, 1, '2026-11-30 21:38:29.943658+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(9, 1, '2026-11-30 21:38:29.960412+00', 'progress', '{"rowsExported": 33, "rowsPrepared": 33, "rowsRejected": 0}'),
	(10, 1, '2026-11-30 21:38:29.964229+00', 'progress', '{"rowsExported": 33, "rowsPrepared": 33, "rowsRejected": 0}'),
	(11, 1, '2026-11-30 21:38:29.967896+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 33 rows, 0 rejected."}'),
	(12, 1, '2026-11-30 21:38:30.075856+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(13, 1, '2026-11-30 21:38:31.176226+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 47 changes, sha256:9fc2582f86be29adf4e9c30a29661f4ae8774d3c30a84c63c762574b95549582."}'),
	(14, 1, '2026-11-30 21:38:31.531802+00', 'status', '{"status": "held"}'),
	(15, 1, '2026-11-30 21:38:31.537435+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 17 inserted lines, limit 90 % of 0 = 0"}'),
	(16, 1, '2026-11-30 21:38:31.538994+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 30 inserted links, limit 90 % of 0 = 0"}'),
	(17, 1, '2026-11-30 21:38:31.723707+00', 'status', '{"status": "running"}'),
	(18, 1, '2026-11-30 21:38:31.725029+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: resume."}'),
	(19, 1, '2026-11-30 21:38:32.137039+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 17 inserted, 0 updated, 0 deleted; links 30 inserted, 0 updated, 0 deleted"}'),
	(20, 1, '2026-11-30 21:38:32.230691+00', 'status', '{"status": "completed"}'),
	(21, 1, '2026-11-30 21:38:32.367263+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(22, 2, '2026-11-30 21:38:32.577401+00', 'status', '{"status": "running"}'),
	(23, 2, '2026-11-30 21:38:32.79479+00', 'status', '{"phase": "export", "status": "running"}'),
	(24, 2, '2026-11-30 21:38:32.872342+00', 'log', '{"task": "export", "level": "info", "message": "Read 17 rows of people.csv"}'),
	(25, 2, '2026-11-30 21:38:32.985036+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(26, 2, '2026-11-30 21:38:33.204403+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(27, 2, '2026-11-30 21:38:33.251923+00', 'progress', '{"rowsExported": 35, "rowsPrepared": 0, "rowsRejected": 0}'),
	(28, 2, '2026-11-30 21:38:33.791667+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(29, 2, '2026-11-30 21:38:34.106495+00', 'log', '{"task": "prepare", "level": "info", "message": "Compared with the last applied export by line: 3 new, 1 gone."}'),
	(30, 2, '2026-11-30 21:38:34.182332+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(31, 2, '2026-11-30 21:38:34.187351+00', 'progress', '{"rowsExported": 35, "rowsPrepared": 35, "rowsRejected": 0}'),
	(32, 2, '2026-11-30 21:38:34.19078+00', 'progress', '{"rowsExported": 35, "rowsPrepared": 35, "rowsRejected": 1}'),
	(33, 2, '2026-11-30 21:38:34.194732+00', 'log', '{"task": "prepare", "level": "warn", "message": "Prepared 35 rows, 1 rejected."}'),
	(34, 2, '2026-11-30 21:38:34.260127+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(35, 2, '2026-11-30 21:38:34.929329+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 2 changes, sha256:766a760f00c350eea95986aa6e5d4ac1b7e0c939a75a0b9f5f0584314335904a."}'),
	(36, 2, '2026-11-30 21:38:35.252341+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 1 inserted, 1 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(37, 2, '2026-11-30 21:38:35.350005+00', 'status', '{"status": "completed-with-errors"}'),
	(38, 2, '2026-11-30 21:38:35.494716+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed-with-errors."}'),
	(39, 3, '2026-11-30 21:38:35.769443+00', 'status', '{"status": "running"}'),
	(40, 3, '2026-11-30 21:38:36.12236+00', 'status', '{"phase": "export", "status": "running"}'),
	(41, 3, '2026-11-30 21:38:36.138196+00', 'log', '{"task": "export", "level": "info", "message": "Read 12 rows of people.csv"}'),
	(42, 3, '2026-11-30 21:38:36.156694+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(43, 3, '2026-11-30 21:38:36.185641+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(44, 3, '2026-11-30 21:38:36.19357+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 0, "rowsRejected": 0}'),
	(45, 3, '2026-11-30 21:38:37.076075+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(46, 3, '2026-11-30 21:38:37.524035+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(47, 3, '2026-11-30 21:38:37.537607+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}'),
	(48, 3, '2026-11-30 21:38:37.547483+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}'),
	(49, 3, '2026-11-30 21:38:37.572129+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 30 rows, 0 rejected."}'),
	(50, 3, '2026-11-30 21:38:38.138338+00', 'status', '{"phase": "synchronize", "status": "running"}');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(51, 3, '2026-11-30 21:38:38.804406+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 10 changes, sha256:8548d831fb01a8cea9764042c572f199f760517d05de319ead8a580be3c1f1d6."}'),
	(52, 3, '2026-11-30 21:38:39.030833+00', 'status', '{"status": "held"}'),
	(53, 3, '2026-11-30 21:38:39.033949+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 4 deleted lines, limit 2"}'),
	(54, 3, '2026-11-30 21:38:39.258141+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: reject."}'),
	(55, 3, '2026-11-30 21:38:39.337231+00', 'status', '{"status": "rejected"}'),
	(56, 3, '2026-11-30 21:38:39.374071+00', 'log', '{"task": null, "level": "info", "message": "Ended: rejected."}'),
	(57, 4, '2026-11-30 21:38:39.641036+00', 'status', '{"status": "running"}'),
	(58, 4, '2026-11-30 21:38:39.867183+00', 'status', '{"phase": "export", "status": "running"}'),
	(73, 5, '2026-11-30 21:38:42.549034+00', 'status', '{"phase": "export", "status": "running"}'),
	(59, 4, '2026-11-30 21:38:39.897265+00', 'log', '{"task": "export", "level": "info", "message": "Read 13 rows of people.csv"}'),
	(60, 4, '2026-11-30 21:38:39.910202+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(61, 4, '2026-11-30 21:38:39.922178+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(62, 4, '2026-11-30 21:38:39.92487+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 0, "rowsRejected": 0}'),
	(63, 4, '2026-11-30 21:38:40.077441+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(64, 4, '2026-11-30 21:38:40.346412+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(65, 4, '2026-11-30 21:38:40.354483+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(66, 4, '2026-11-30 21:38:40.382519+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(67, 4, '2026-11-30 21:38:40.398484+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 31 rows, 0 rejected."}'),
	(68, 4, '2026-11-30 21:38:40.514581+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(69, 4, '2026-11-30 21:38:41.213764+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 10 changes, sha256:65000e8aa7dccef9348d27ef003e3484e4a446065ddf1d5e495937c10df2ee73."}'),
	(70, 4, '2026-11-30 21:38:41.518139+00', 'status', '{"status": "held"}'),
	(71, 4, '2026-11-30 21:38:41.533036+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 3 deleted lines, limit 2"}'),
	(72, 5, '2026-11-30 21:38:42.1671+00', 'status', '{"status": "running"}'),
	(102, 6, '2026-11-30 21:38:46.989939+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(103, 6, '2026-11-30 21:38:47.346807+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 0 changes, sha256:6d7fefde6a8270f452864c0e43a942265a9c8bfc4e0e5dfb63dd8dba28c68913."}'),
	(104, 6, '2026-11-30 21:38:47.589376+00', 'status', '{"status": "completed"}'),
	(105, 6, '2026-11-30 21:38:47.618513+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(106, 7, '2026-11-30 21:38:47.892918+00', 'status', '{"status": "running"}'),
	(107, 7, '2026-11-30 21:38:48.055892+00', 'status', '{"phase": "export", "status": "running"}'),
	(108, 7, '2026-11-30 21:38:48.170039+00', 'status', '{"status": "failed"}'),
	(109, 7, '2026-11-30 21:38:48.235346+00', 'log', '{"task": null, "level": "error", "message": "Failed: missing-file. The file people.csv is not in its folder. Put it there, or correct the table of the connector file."}'),
	(123, 8, '2026-11-30 21:38:49.533257+00', 'status', '{"status": "running"}'),
	(124, 8, '2026-11-30 21:38:49.537538+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: resume."}'),
	(125, 8, '2026-11-30 21:38:49.7068+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 2 inserted, 0 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(126, 8, '2026-11-30 21:38:49.879183+00', 'status', '{"status": "completed"}'),
	(127, 8, '2026-11-30 21:38:50.089618+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(128, 9, '2026-11-30 21:38:50.536631+00', 'status', '{"status": "running"}'),
	(129, 9, '2026-11-30 21:38:50.651874+00', 'status', '{"phase": "export", "status": "running"}'),
	(130, 9, '2026-11-30 21:38:50.707591+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of badges.csv"}'),
	(131, 9, '2026-11-30 21:38:50.709399+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 0, "rowsRejected": 0}'),
	(143, 10, '2026-11-30 21:38:52.302762+00', 'status', '{"phase": "export", "status": "running"}'),
	(144, 10, '2026-11-30 21:38:52.315767+00', 'log', '{"task": "export", "level": "info", "message": "Read 10 rows of people.csv"}'),
	(145, 10, '2026-11-30 21:38:52.335065+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(146, 10, '2026-11-30 21:38:52.352361+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(147, 10, '2026-11-30 21:38:52.357526+00', 'progress', '{"rowsExported": 28, "rowsPrepared": 0, "rowsRejected": 0}'),
	(148, 10, '2026-11-30 21:38:52.529464+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(149, 10, '2026-11-30 21:38:52.849823+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(150, 10, '2026-11-30 21:38:52.853387+00', 'progress', '{"rowsExported": 28, "rowsPrepared": 28, "rowsRejected": 0}'),
	(151, 10, '2026-11-30 21:38:52.855415+00', 'progress', '{"rowsExported": 28, "rowsPrepared": 28, "rowsRejected": 0}'),
	(152, 10, '2026-11-30 21:38:52.857614+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 28 rows, 0 rejected."}');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(153, 10, '2026-11-30 21:38:52.906921+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(154, 10, '2026-11-30 21:38:53.169274+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 19 changes, sha256:2bc3f51102a585ecdb955dce4c159f71ffb058f51e04a0a7744ed7e0babdcc62."}'),
	(155, 10, '2026-11-30 21:38:53.591712+00', 'status', '{"status": "held"}'),
	(156, 10, '2026-11-30 21:38:53.597731+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 3 deleted lines, limit 2"}'),
	(157, 10, '2026-11-30 21:38:53.764228+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: supersede."}'),
	(158, 10, '2026-11-30 21:38:53.907192+00', 'status', '{"status": "superseded"}'),
	(159, 10, '2026-11-30 21:38:54.031381+00', 'log', '{"task": null, "level": "info", "message": "Ended: superseded."}'),
	(160, 11, '2026-11-30 21:38:54.28492+00', 'status', '{"status": "running"}'),
	(161, 11, '2026-11-30 21:38:54.377922+00', 'status', '{"phase": "export", "status": "running"}'),
	(162, 11, '2026-11-30 21:38:54.405729+00', 'log', '{"task": "export", "level": "info", "message": "Read 12 rows of people.csv"}'),
	(163, 11, '2026-11-30 21:38:54.433555+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(164, 11, '2026-11-30 21:38:54.464983+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(165, 11, '2026-11-30 21:38:54.467136+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 0, "rowsRejected": 0}'),
	(166, 11, '2026-11-30 21:38:54.649611+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(167, 11, '2026-11-30 21:38:55.126303+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(168, 11, '2026-11-30 21:38:55.139073+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 0}'),
	(169, 11, '2026-11-30 21:38:55.14209+00', 'progress', '{"rowsExported": 30, "rowsPrepared": 30, "rowsRejected": 1}'),
	(170, 11, '2026-11-30 21:38:55.144716+00', 'log', '{"task": "prepare", "level": "warn", "message": "Prepared 30 rows, 1 rejected."}'),
	(171, 11, '2026-11-30 21:38:55.258252+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(74, 5, '2026-11-30 21:38:42.620083+00', 'log', '{"task": "export", "level": "info", "message": "Read 13 rows of people.csv"}'),
	(75, 5, '2026-11-30 21:38:42.623504+00', 'progress', '{"rowsExported": 13, "rowsPrepared": 0, "rowsRejected": 0}'),
	(76, 5, '2026-11-30 21:38:42.914468+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(77, 5, '2026-11-30 21:38:43.194649+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(78, 5, '2026-11-30 21:38:43.1973+00', 'progress', '{"rowsExported": 13, "rowsPrepared": 13, "rowsRejected": 0}'),
	(79, 5, '2026-11-30 21:38:43.202304+00', 'progress', '{"rowsExported": 13, "rowsPrepared": 13, "rowsRejected": 0}'),
	(80, 5, '2026-11-30 21:38:43.2074+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 13 rows, 0 rejected."}'),
	(81, 5, '2026-11-30 21:38:43.317537+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(82, 5, '2026-11-30 21:38:43.988138+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 1 changes, sha256:f34d765e66ab5a6e9e646b0c6e60f5b110667d5644e1a4bc36edef7be4914fb5."}'),
	(83, 5, '2026-11-30 21:38:44.141568+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 0 inserted, 1 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(84, 5, '2026-11-30 21:38:44.205047+00', 'status', '{"status": "completed"}'),
	(85, 5, '2026-11-30 21:38:44.294319+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(86, 4, '2026-11-30 21:38:44.443294+00', 'status', '{"status": "running"}'),
	(87, 4, '2026-11-30 21:38:44.444247+00', 'log', '{"task": "synchronize", "level": "info", "message": "Decision: resume."}'),
	(88, 4, '2026-11-30 21:38:44.774909+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 0 inserted, 0 updated, 3 deleted; links 0 inserted, 0 updated, 6 deleted; 1 overtaken by later changes"}'),
	(89, 4, '2026-11-30 21:38:44.921546+00', 'status', '{"status": "completed-with-errors"}'),
	(90, 4, '2026-11-30 21:38:45.415252+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed-with-errors."}'),
	(91, 6, '2026-11-30 21:38:45.948832+00', 'status', '{"status": "running"}'),
	(92, 6, '2026-11-30 21:38:46.081411+00', 'status', '{"phase": "export", "status": "running"}'),
	(93, 6, '2026-11-30 21:38:46.098468+00', 'log', '{"task": "export", "level": "info", "message": "Read 13 rows of people.csv"}'),
	(94, 6, '2026-11-30 21:38:46.118591+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of groups.csv"}'),
	(95, 6, '2026-11-30 21:38:46.128694+00', 'log', '{"task": "export", "level": "info", "message": "Read 16 rows of members.csv"}'),
	(96, 6, '2026-11-30 21:38:46.131588+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 0, "rowsRejected": 0}'),
	(97, 6, '2026-11-30 21:38:46.545981+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(98, 6, '2026-11-30 21:38:46.769861+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(99, 6, '2026-11-30 21:38:46.771634+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(100, 6, '2026-11-30 21:38:46.773338+00', 'progress', '{"rowsExported": 31, "rowsPrepared": 31, "rowsRejected": 0}'),
	(101, 6, '2026-11-30 21:38:46.774797+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 31 rows, 0 rejected."}'),
	(110, 8, '2026-11-30 21:38:48.529044+00', 'status', '{"status": "running"}'),
	(111, 8, '2026-11-30 21:38:48.709103+00', 'status', '{"phase": "export", "status": "running"}'),
	(112, 8, '2026-11-30 21:38:48.743798+00', 'log', '{"task": "export", "level": "info", "message": "Read 2 rows of badges.csv"}');
INSERT INTO syncline.sync_event OVERRIDING SYSTEM VALUE VALUES
	(113, 8, '2026-11-30 21:38:48.746123+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 0, "rowsRejected": 0}'),
	(114, 8, '2026-11-30 21:38:48.931574+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(115, 8, '2026-11-30 21:38:49.12049+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(116, 8, '2026-11-30 21:38:49.122873+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}'),
	(117, 8, '2026-11-30 21:38:49.124695+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}'),
	(118, 8, '2026-11-30 21:38:49.137216+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 2 rows, 0 rejected."}'),
	(119, 8, '2026-11-30 21:38:49.205399+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(120, 8, '2026-11-30 21:38:49.260478+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 2 changes, sha256:08eea498ac1b9c8b8a9e46e91ca432f08eeb6ab0ee69908d0b3eaa943640ffdd."}'),
	(121, 8, '2026-11-30 21:38:49.361573+00', 'status', '{"status": "held"}'),
	(122, 8, '2026-11-30 21:38:49.362981+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 2 inserted lines, limit 900 % of 0 = 0"}'),
	(132, 9, '2026-11-30 21:38:50.866667+00', 'status', '{"phase": "prepare", "status": "running"}'),
	(133, 9, '2026-11-30 21:38:51.002949+00', 'log', '{"task": "update-expressions", "level": "info", "message": "Evaluated with the rows that were prepared: 0 properties."}'),
	(134, 9, '2026-11-30 21:38:51.005436+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}'),
	(135, 9, '2026-11-30 21:38:51.007515+00', 'progress', '{"rowsExported": 2, "rowsPrepared": 2, "rowsRejected": 0}'),
	(136, 9, '2026-11-30 21:38:51.009642+00', 'log', '{"task": "prepare", "level": "info", "message": "Prepared 2 rows, 0 rejected."}'),
	(137, 9, '2026-11-30 21:38:51.080661+00', 'status', '{"phase": "synchronize", "status": "running"}'),
	(138, 9, '2026-11-30 21:38:51.274945+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 2 changes, sha256:8b23dd22ebb572ff17457dab7bb593d3aebf1ac3e1b2371d099e7c1837a3ab84."}'),
	(139, 9, '2026-11-30 21:38:51.429839+00', 'log', '{"task": "synchronize", "level": "info", "message": "Applied: resources 2 inserted, 0 updated, 0 deleted; links 0 inserted, 0 updated, 0 deleted"}'),
	(140, 9, '2026-11-30 21:38:51.5856+00', 'status', '{"status": "completed"}'),
	(141, 9, '2026-11-30 21:38:51.733611+00', 'log', '{"task": null, "level": "info", "message": "Ended: completed."}'),
	(142, 10, '2026-11-30 21:38:52.093805+00', 'status', '{"status": "running"}'),
	(172, 11, '2026-11-30 21:38:55.641205+00', 'log', '{"task": "synchronize", "level": "info", "message": "Found 20 changes, sha256:e3b2f9e77bf3e7ea93f8205453d0a2512bdd83901194a7d80fb292879846cbe9."}'),
	(173, 11, '2026-11-30 21:38:55.898494+00', 'status', '{"status": "held"}'),
	(174, 11, '2026-11-30 21:38:55.902935+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Threshold Exceeded: 3 deleted lines, limit 2"}'),
	(175, 11, '2026-11-30 21:38:55.904038+00', 'log', '{"task": "synchronize", "level": "warn", "message": "Held: Person would lose something while a row of it has a key that could not be read: it may be the one that is missed."}');
SELECT pg_catalog.setval('syncline.change_seq', 59, true);
SELECT pg_catalog.setval('syncline.connector_id_seq', 2, true);
SELECT pg_catalog.setval('syncline.entity_type_id_seq', 3, true);
SELECT pg_catalog.setval('syncline.execution_no_seq', 1, false);
SELECT pg_catalog.setval('syncline.link_change_seq', 54, true);
SELECT pg_catalog.setval('syncline.link_property_id_seq', 2, true);
SELECT pg_catalog.setval('syncline.open_error_id_seq', 6, true);
SELECT pg_catalog.setval('syncline.resource_id', 23, true);
SELECT pg_catalog.setval('syncline.sync_error_seq_seq', 25, true);
SELECT pg_catalog.setval('syncline.sync_event_seq_seq', 175, true);
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
ALTER TABLE ONLY syncline.delta_taken
    ADD CONSTRAINT delta_taken_pkey PRIMARY KEY (connector, connection, sha256);
ALTER TABLE ONLY syncline.entity_type
    ADD CONSTRAINT entity_type_name_key UNIQUE (name);
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
ALTER TABLE ONLY syncline.source_columns
    ADD CONSTRAINT source_columns_pkey PRIMARY KEY (connector, connection, source_table);
ALTER TABLE ONLY syncline.source_pace
    ADD CONSTRAINT source_pace_pkey PRIMARY KEY (key);
ALTER TABLE ONLY syncline.source_turn
    ADD CONSTRAINT source_turn_pkey PRIMARY KEY (key, sync, connection);
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
ALTER TABLE ONLY syncline.connector_revision
    ADD CONSTRAINT connector_revision_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.connector_schema
    ADD CONSTRAINT connector_schema_connector_fkey FOREIGN KEY (connector) REFERENCES syncline.connector(id) ON DELETE CASCADE;
ALTER TABLE ONLY syncline.decision
    ADD CONSTRAINT decision_sync_fkey FOREIGN KEY (sync) REFERENCES syncline.sync(no) ON DELETE CASCADE;
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
