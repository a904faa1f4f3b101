import { finishParts, ofSync, ofSyncs, writeChanges } from './change-parts.ts';
import { row, rows, type Queryable } from './database.ts';
import { suppressUpdates } from './refusals/suppress-resources.ts';
import { namedKeys, stagedRows, type Staging } from './staging.ts';
import { comparedWhole } from './last-export.ts';
import type { ExportReference } from './syncs.ts';

/** A sync that was applied since a complete export was compared as a whole. */
export interface LaterSync {
  no: number;
  /** Incremental syncs only: the export with the rows of delta files that it took; undefined if it is no longer kept. */
  deltas: { exportRef: ExportReference | undefined } | undefined;
  changesRemoved: boolean;
}

/**
 * Syncs that have written since the export was read, or since it was applied, in the order in which they did. Not those
 * over the same export, and not a purge, which writes only what is retired.
 * @param exported the sync with the export
 */
export async function appliedSince(db: Queryable, connector: number, exported: string): Promise<LaterSync[]> {
  const found = await rows<{
    no: number;
    incremental: boolean;
    exportRef: ExportReference | null;
    changesRemoved: boolean;
  }>(
    db,
    `with base as (
       select e.id, e.export_started_at, (select min(applied_at) from syncline.sync
         where connector = e.connector and ${comparedWhole} and preparation -> 'exportRef' ->> 'syncId' = e.id::text) as applied_at
       from syncline.sync e where e.id = ?
     )
     select o.no, o.preparation ->> 'mode' = 'incremental' as incremental,
       (select o.preparation -> 'exportRef' from syncline.sync x
        where x.id::text = o.preparation -> 'exportRef' ->> 'syncId' and x.export_removed_at is null) as "exportRef",
       o.changes_removed_at is not null as "changesRemoved"
     from syncline.sync o, base
     where o.connector = ? and o.applied and o.trigger <> 'purge'
       and (o.applied_at > base.applied_at or o.export_started_at > base.export_started_at)
       and o.preparation -> 'exportRef' ->> 'syncId' is distinct from base.id::text
     order by o.applied_at`,
    [exported, connector],
  );
  return found.map(({ no, incremental, exportRef, changesRemoved }) => ({
    no,
    deltas: incremental ? { exportRef: exportRef ?? undefined } : undefined,
    changesRemoved,
  }));
}

export interface ExpressionsInput {
  sync: number;
  type: number;
  staging: Staging;
  /** Properties with an expression. The values of no others change. */
  properties: string[];
  laterSyncs: number[];
  /** Key texts that the sync is limited to; null for all. */
  scopeKeys: string[] | null;
  managedOnly: boolean;
  /** People have refused changes of the connector with memory, see `refused`. */
  refusals: boolean;
}

/**
 * The change set of `update-expressions`: the values of expression properties of stored resources, nothing else. Resources
 * that other syncs have written or read since the export keep their values: what the export says of them is old.
 * @returns how many change, and how many were left as they are
 */
export async function diffExpressions(
  tx: Queryable,
  { sync, type, staging, properties, laterSyncs, scopeKeys, managedOnly, refusals }: ExpressionsInput,
): Promise<{ updated: number; left: number; suppressed: { all: number; deletes: number } }> {
  if (properties.length === 0) return { updated: 0, left: 0, suppressed: { all: 0, deletes: 0 } };
  await tx.raw(
    `create temp table written_since on commit drop as
     select key from ${namedKeys(staging, type)}
     union
     select key from syncline.change l where ${ofSyncs(laterSyncs, 'l')} and l.entity_type = ? and l.fate is null`,
    [type],
  );
  await tx.raw('analyze written_since');
  const compared = `r.entity_type = ${String(type)} ${scopeKeys ? 'and r.key = any(?)' : ''} ${managedOnly ? 'and r.managed' : ''}`;
  const keys = scopeKeys ? [scopeKeys] : [];
  const updated = await writeChanges(
    tx,
    {
      kind: 'change',
      sync,
      // the number of rows is not known
      expected: 0,
      columns: 'entity_type, operation, resource, key, before, after, before_hash',
      select: `select ${String(type)}, 'u', r.id, r.key, d.before, d.after, r.hash
        from ${stagedRows(staging, type)} s join syncline.resource r on r.entity_type = ${String(type)} and r.key = s.key
        cross join lateral (
          select jsonb_object_agg(k, r.attributes -> k) as before, jsonb_object_agg(k, s.attributes -> k) as after
          from unnest(?::text[]) as properties(k) where r.attributes -> k is distinct from s.attributes -> k
        ) d
        where d.after is not null and ${compared} and not exists (select from written_since w where w.key = r.key)`,
    },
    [properties, ...keys],
  );
  await finishParts(tx, sync);
  const left = await row<{ n: number }>(
    tx,
    `select count(*)::int as n from syncline.resource r join written_since w on w.key = r.key where ${compared}`,
    keys,
  );
  await tx.raw('drop table written_since');
  const suppressed = refusals ? await suppressUpdates(tx, ofSync(sync, 'c'), type) : 0;
  return { updated: updated - suppressed, left: left?.n ?? 0, suppressed: { all: suppressed, deletes: 0 } };
}
