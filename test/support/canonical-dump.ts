import { createHash } from 'node:crypto';
import { computeDigest } from '../../repository/digest.ts';
import { openDatabase, rows } from '../../repository/database.ts';

/** Numbers of the syncs that began, in order: ids differ from run to run, their order does not. */
const began = `began as (
  select s.no, row_number() over (order by s.no) as nth from syncline.sync s join syncline.connector c on c.id = s.connector
  where c.name = ? and s.run_id is not null and coalesce(s.error ->> 'code', '') <> 'workflow-lost')`;

/** Each gives lines of text about one connector, without ids, times and names of runs. */
const statements = {
  resources: `select t.name || ' ' || r.key || ' ' || r.attributes || ' ' || r.managed as line
    from syncline.resource r join syncline.entity_type t on t.id = r.entity_type
    join syncline.connector c on c.id = t.connector where c.name = ?`,
  links: `select p.name || ' ' || s.key || ' → ' || t.key as line
    from syncline.link l join syncline.link_property p on p.id = l.property
    join syncline.resource s on s.entity_type = p.entity_type and s.id = l.source
    join syncline.resource t on t.entity_type = p.target and t.id = l.target
    join syncline.entity_type o on o.id = p.entity_type join syncline.connector c on c.id = o.connector where c.name = ?`,
  changes: `with ${began}
    select jsonb_build_array(b.nth, t.name, c.operation, c.key, c.before, c.after, c.fate)::text as line
    from began b join syncline.change c on c.sync = b.no join syncline.entity_type t on t.id = c.entity_type`,
  'changes of links': `with ${began}
    select jsonb_build_array(b.nth, t.name, p.name, c.operation, c.source_key, c.target_key, c.before_target_key, c.fate)::text as line
    from began b join syncline.link_change c on c.sync = b.no join syncline.link_property p on p.id = c.property
    join syncline.entity_type t on t.id = p.entity_type`,
  syncs: `with ${began}
    select jsonb_build_object('nth', b.nth, 'mode', s.mode, 'requestedMode', s.requested_mode, 'tasks', s.tasks, 'scope', s.scope,
      'status', s.status, 'phase', s.phase, 'applied', s.applied, 'dryRun', s.dry_run, 'changes', s.change_count,
      'counters', s.counters, 'thresholds', s.thresholds, 'holds', s.holds,
      'causes', (select jsonb_agg(c #- '{evidence,changes}' order by nth) from jsonb_array_elements(s.causes) with ordinality e(c, nth)), 'withheld', s.deletes_withheld,
      'overtaken', s.overtaken, 'progress', s.progress, 'completeness', s.completeness, 'waitingFor', s.waiting_for,
      'retry', s.retry, 'decision', s.decision - 'at' - 'digest' - 'draftId', 'inPart', s.decision ->> 'draftId' is not null,
      'decidedOnItsDigest', s.decision ->> 'digest' = s.digest, 'fates', s.fates, 'appliedCounters', s.applied_counters,
      'appliedDeletes', jsonb_build_array(s.applied_deletes, s.applied_link_deletes), 'refreshes', s.refreshes is not null,
      'compared', s.compared - 'with',
      'accepted', (select jsonb_agg(d.action order by d.action) from syncline.decision d where d.sync = s.no and d.accepted_at is not null),
      'told', (select jsonb_agg(e.data ->> 'stage' order by e.seq) from syncline.sync_event e where e.sync = s.no and e.type = 'waiting'),
      'left', jsonb_build_array((select count(*) from syncline.draft d where d.sync = s.no),
        (select count(*) from syncline.refusal_finding f where f.sync = s.no)),
      'error', s.error, 'appliedAt', s.applied_at is not null, 'endedAt', s.ended_at is not null)::text as line
    from began b join syncline.sync s on s.no = b.no`,
  errors: `with ${began}
    select jsonb_build_array(b.nth, e.entity_type, e.source_table, e.line, e.column_name, e.property, e.key, e.code, e.message,
      e.effect)::text as line from began b join syncline.sync_error e on e.sync = b.no`,
  'open errors': `with ${began}
    select jsonb_build_array(b.nth, e.entity_type, e.source_table, e.line, e.column_name, e.property, e.key, e.code, e.message,
      e.effect, e.cleared_by, e.occurrences, e.stored)::text as line from began b join syncline.open_error e on e.sync = b.no`,
  refusals: `with ${began}
    select jsonb_build_array(b.nth, t.name, p.name, r.operation, r.key, r.target_key, encode(r.outcome, 'hex'), r.label,
      r.because is not null, r.refused_by, r.reason, round(extract(epoch from r.expires_at - r.refused_at) / 3600),
      r.last_seen_at is not null, r.ended_by, (select nth from began where no = r.ended_sync))::text as line
    from began b join syncline.refusal r on r.sync = b.no join syncline.entity_type t on t.id = r.entity_type
    left join syncline.link_property p on p.id = r.property`,
  'entity types': `with ${began}
    select jsonb_build_array(t.name, t.stored, t.filter_revision, (select nth from began where no = e.last_sync),
      (select nth from began where no = e.complete_sync))::text as line
    from syncline.entity_type t join syncline.connector c on c.id = t.connector
    left join syncline.entity_type_sync e on e.entity_type = t.id where c.name = ?`,
  'link properties': `select jsonb_build_array(t.name, p.name, p.stored, p.filter_revision)::text as line
    from syncline.link_property p join syncline.entity_type t on t.id = p.entity_type
    join syncline.connector c on c.id = t.connector where c.name = ?`,
  checkpoints: `with ${began}
    select jsonb_build_object('writes', c.writes, 'first', (select nth from began where no = c.first_complete_sync),
      'base', c.unchanged_base - 'sync' - 'since' - 'leads',
      'since', (select jsonb_agg(b.nth order by b.nth) from began b where b.no in (select jsonb_array_elements_text(c.unchanged_base -> 'since')::bigint)),
      'baseSync', (select nth from began where no = (c.unchanged_base ->> 'sync')::bigint),
      'columns', (select jsonb_agg(to_jsonb(s) - 'connector' order by s.connection, s.source_table)
        from syncline.source_columns s where s.connector = c.id),
      'deltas', (select jsonb_agg(to_jsonb(d) - '{connector,sync,taken_at,stamp,stamped_at,stamp_proven}'::text[] order by d.connection, d.name, d.sha256)
        from syncline.delta_taken d where d.connector = c.id),
      'noted', (select jsonb_agg(to_jsonb(n) - 'sync' || jsonb_build_object('nth', b.nth)
          order by b.nth, n.connection, n.source_table, n.name)
        from syncline.delta_noted n join began b on b.no = n.sync),
      'needsComplete', c.needs_complete - 'since' - 'syncId')::text as line
    from syncline.connector c where c.name = ?`,
  'staging that was left': `with ${began}
    select b.nth || ' ' || regexp_replace(t.tablename, '^s\\d+_[0-9a-f]+_', '') as line
    from began b join pg_tables t on t.schemaname = 'syncline_staging' and t.tablename like 's' || b.no || '\\_%'`,
};

export interface Dump {
  /** SHA-256 over the lines. */
  digest: string;
  /** By what they are about, sorted. */
  lines: Record<string, string[]>;
}

/** Reasons that Syncline writes by itself name syncs and times. */
const withoutNames = (line: string) =>
  line.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

/**
 * Everything that a connector's syncs have left in Postgres, said by keys: equal for equal ends, whatever ids and times
 * they have and whatever the connector is called. The digest of each change set is computed again from its rows.
 */
export async function canonicalDump(databaseUrl: string, connector: string): Promise<Dump> {
  const db = openDatabase(databaseUrl, { applicationName: 'fault-tests', poolSize: 1, statementTimeoutMs: 60_000 });
  try {
    const lines: Dump['lines'] = {};
    for (const [about, sql] of Object.entries(statements)) {
      const asked = Array.from({ length: sql.split('?').length - 1 }, () => connector);
      const found = await rows<{ line: string }>(db, sql, asked);
      lines[about] = found.map(({ line }) => withoutNames(line.replaceAll(connector, 'CONNECTOR'))).sort();
    }
    const syncs = await rows<{ no: number; digest: string }>(
      db,
      `select s.no, s.digest from syncline.sync s join syncline.connector c on c.id = s.connector
       where c.name = ? and s.digest is not null order by s.no`,
      [connector],
    );
    lines['digests that are not those of their rows'] = [];
    for (const [nth, { no, digest }] of syncs.entries())
      if ((await computeDigest(db, no)).digest !== digest)
        lines['digests that are not those of their rows'].push(String(nth + 1));
    return { digest: createHash('sha256').update(JSON.stringify(lines)).digest('hex'), lines };
  } finally {
    await db.destroy();
  }
}
