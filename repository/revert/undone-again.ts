import { ofSync } from '../change-parts.ts';
import { row, rows, withoutLoops, type Queryable } from '../database.ts';
import { keyArraySql } from '../resolve-rows.ts';
import type { SyncRow, UndoneAgain } from '../syncs.ts';
import { valueOf, wasDone } from './input.ts';

/** An applied revert that holds the syncs that would make again what it undid. */
export interface OpenWatch {
  no: number;
  id: string;
  reason: string;
}

/** What one sync would make again. */
export interface FoundAgain extends UndoneAgain {
  watch: OpenWatch;
  /** Ids of the first changes. */
  first: string[];
}

const firstChanges = 100;

/**
 * Looks in the change set of a sync for what applied reverts have undone, and that their watch is still open for. Syncs
 * limited to keys are not looked at, nor reverts: a person asked for exactly these.
 */
export async function findUndoneAgain(tx: Queryable, sync: SyncRow): Promise<FoundAgain[]> {
  if (sync.scope?.keys || sync.trigger === 'revert') return [];
  const watches = await rows<OpenWatch>(
    tx,
    `select no, id, coalesce(revert_reason, '') as reason from syncline.sync
     where connector = ? and undone_watch = 'open' order by applied_at, no`,
    [sync.connector],
  );
  const found: FoundAgain[] = [];
  for (const watch of watches) found.push(await findFor(tx, sync, watch));
  return found;
}

async function findFor(tx: Queryable, sync: SyncRow, watch: OpenWatch): Promise<FoundAgain> {
  await withoutLoops(tx, async () => {
    await tx.raw(
      `create temp table again on commit drop as
       select 'r' as kind, seq, fate from (${resourcesAgain(sync.no, watch.no)}) c
       union all select distinct 'l', seq, fate from (${linksAgain(sync.no, watch.no)}) c`,
    );
  });
  const counted = await row<{ proposed: number; found: number }>(
    tx,
    'select count(*) filter (where fate is null)::int as proposed, count(*)::int as found from again',
  );
  const first = await rows<{ id: string }>(
    tx,
    `select kind || seq as id from again where fate is null order by kind = 'l', seq limit ${String(firstChanges)}`,
  );
  await tx.raw('drop table again');
  const { proposed = 0, found = 0 } = counted ?? {};
  return {
    watch,
    revert: watch.no,
    changes: proposed,
    first: first.map(({ id }) => id),
    // what is suppressed or withheld is not proposed, but the source still says so
    unread: proposed === 0 && (found > 0 || (await hasUnread(tx, sync.no, watch.no))),
  };
}

/** The conditions of the changes `c` of a sync that make again what a revert undid. */
export const againConditions = (sync: number, revert: number) => ({
  resource: `(c.seq in (select again.seq from (${resourcesAgain(sync, revert)}) again)) is true`,
  link: `(c.seq in (select again.seq from (${linksAgain(sync, revert)}) again)) is true`,
});

/** A key that comes or goes again, or a property that gets the undone value again. */
const resourcesAgain = (sync: number, revert: number) => `
  select c.seq, c.fate from syncline.change c
  join syncline.change v on ${ofSync(revert, 'v')} and ${wasDone('v')} and v.entity_type = c.entity_type and v.key = c.key
  where ${ofSync(sync, 'c')} and (
    c.operation = 'i' and v.operation = 'd' or c.operation = 'd' and v.operation = 'i'
    or c.operation = 'u' and v.operation = 'u' and exists (
      select from jsonb_each(v.before) undone(property, value)
      where c.after \\? undone.property and ${valueOf('c.after', 'undone.property')} = undone.value))`;

/** A link that comes or goes again; a move is one of each. */
const linksAgain = (sync: number, revert: number) => `
  select c.seq, c.fate from (${ends(sync)}) c join (${ends(revert)}) v
    on v.property = c.property and v.source_key = c.source_key and v.key = c.key and v.comes <> c.comes and v.fate is null`;

const ends = (sync: number) => `
  select seq, fate, property, source_key, target_key as key, operation <> 'd' as comes
  from syncline.link_change c where ${ofSync(sync, 'c')}
  union all
  select seq, fate, coalesce(before_property, property), source_key, before_target_key, false
  from syncline.link_change c where ${ofSync(sync, 'c')} and operation = 'u'`;

/** Whether a row or link that the sync could not use may be about something that the revert undid. */
async function hasUnread(tx: Queryable, sync: number, revert: number): Promise<boolean> {
  const types = await rows<{ id: number; name: string; keyCount: number }>(
    tx,
    `select id, name, cardinality(key_properties) as "keyCount" from syncline.entity_type where id in (
       select entity_type from syncline.change c where ${ofSync(revert, 'c')}
       union select p.entity_type from syncline.link_change c join syncline.link_property p on p.id = c.property
         where ${ofSync(revert, 'c')})
       and name in (select entity_type from syncline.sync_error where sync = ${String(sync)} and effect <> 'warning')`,
  );
  for (const { id, name, keyCount } of types) {
    const unread = await row(
      tx,
      `with unread as (
         select distinct key from syncline.sync_error where sync = ? and entity_type = ? and effect <> 'warning'
       )
       select 1 from unread where key is null or key in (
         select ${keyArraySql('c.key', keyCount)} from syncline.change c
           where ${ofSync(revert, 'c')} and c.entity_type = ?
         union all
         select ${keyArraySql('c.source_key', keyCount)}
           from syncline.link_change c join syncline.link_property p on p.id = c.property
           where ${ofSync(revert, 'c')} and p.entity_type = ?)
       limit 1`,
      [sync, name, id, id],
    );
    if (unread) return true;
  }
  return false;
}
