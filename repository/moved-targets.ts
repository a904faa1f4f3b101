import { ofSync } from './change-parts.ts';
import { nowInUtc, touched, type Queryable } from './database.ts';
import { deleted, folded, inserted, updated, type ByLink, type DiffInput } from './diff-input.ts';
import { leaveUntouched } from './diff-resources.ts';
import { keyArraySql } from './resolve-rows.ts';
import { referenceGiven } from './staging.ts';

/** What only a complete sync can correct. */
export interface NeedsComplete {
  code: 'link-target-moved';
  since: string;
  syncId: string;
}

/**
 * Warns of links by another property whose value belongs to another resource after an incremental sync. Delta files name
 * the resources and not the links, so the links still lead to the earlier owner of the value, or go with it.
 */
export async function warnOfMovedTargets(tx: Queryable, input: DiffInput): Promise<void> {
  if (input.mode !== 'incremental') return;
  for (const link of input.byLinks ?? [])
    if (input.types.some(({ id }) => id === link.target)) await warnOf(tx, input, link);
}

async function warnOf(tx: Queryable, input: DiffInput, link: ByLink): Promise<void> {
  const { id, entityType, target, by } = link;
  const found = await touched(
    tx,
    `create temp table moved on commit drop as
     select distinct g.id from (
       select id, before ->> ? as value from ${updated(target)} where jsonb_exists(before, ?)
       union all
       select r.id, r.attributes ->> ? from ${deleted(target)} d
         join syncline.resource r on r.entity_type = ${String(target)} and r.id = d.id
     ) g join (
       select id, after ->> ? as value from ${updated(target)} where jsonb_exists(after, ?)
       union all
       select i.id, f.attributes ->> ? from ${inserted(target)} i join ${folded(target)} f on f.key = i.key
     ) t on t.value = g.value and t.id <> g.id`,
    Array.from({ length: 6 }, () => by),
  );
  if (found > 0) {
    await leaveUntouched(tx, entityType);
    const read = input.types.some((type) => type.id === entityType);
    // the row of the source says which links it has
    const given =
      read && link.from === 'column'
        ? `and not exists (select from ${folded(entityType)} f where f.key = s.key and f.${referenceGiven(id)})`
        : '';
    const rewritten = link.multiValued
      ? ''
      : `and not exists (select from syncline.link_change c where ${ofSync(input.sync, 'c')} and c.property = ${String(id)}
           and c.source = l.source and c.operation in ('i', 'u'))`;
    await tx.raw(
      `insert into syncline.sync_error (sync, entity_type, source_table, property, key, code, message, effect)
       select ?, ?, ?, ?, ${keyArraySql('x.key', link.keyCount)}, 'link-target-moved',
         'The value that this link matches belongs to another resource now. Delta files do not say which links have it, so only a complete sync can correct the link.',
         'warning'
       from (
         select distinct s.key from syncline.link l join moved m on m.id = l.target
           join syncline.resource s on s.entity_type = ${String(entityType)} and s.id = l.source
         where l.property = ${String(id)} ${given} ${rewritten}
           and not exists (select from ${deleted(entityType)} d where d.id = s.id)
       ) x order by x.key`,
      [input.sync, link.entityTypeName, link.table, link.name],
    );
  }
  await tx.raw('drop table moved');
}

/** In the transaction that applies the sync: if it warned of moved targets, the connector needs a complete sync. */
export async function noteNeedsComplete(
  tx: Queryable,
  sync: { no: number; id: string; connector: number },
): Promise<void> {
  await tx.raw(
    `update syncline.connector set needs_complete = jsonb_build_object(
       'code', 'link-target-moved', 'since', ${nowInUtc}, 'syncId', ?::text)
     where id = ? and needs_complete is null
       and exists (select from syncline.sync_error where sync = ? and code = 'link-target-moved')`,
    [sync.id, sync.connector, sync.no],
  );
}

/** A complete sync of the whole connector was applied. It counts if it began to read after the need arose. */
export async function clearNeedsComplete(tx: Queryable, sync: { no: number; connector: number }): Promise<void> {
  await tx.raw(
    `update syncline.connector c set needs_complete = null from syncline.sync s
     where c.id = ? and s.no = ? and (c.needs_complete ->> 'since')::timestamptz < s.export_started_at`,
    [sync.connector, sync.no],
  );
}
