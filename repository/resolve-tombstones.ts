import { row, type Queryable } from './database.ts';
import type { DiffInput, DiffType, IdentityOf } from './diff-input.ts';
import { keyArraySql } from './resolve-rows.ts';
import { frozenKeys, namedIdentities, stagedRows } from './staging.ts';

/**
 * Finds what an incremental read of whole records says is gone, and writes it into the staged rows as deletes by key. All is
 * found in what was stored before this sync, so the order of records and tombstones does not matter:
 * - A resource whose key or identity has a record in the same read is not gone. A key that is gone and comes again is one update.
 * - A record whose identity is stored under another key has left that key. The key goes, unless it has a record of its own.
 * - If the source named all that it still has, everything else with an identity is gone. This is derived, so it needs a certificate.
 * - Nothing of an identity is deleted if it is stored more than once, or has several keys in this read.
 * @returns whether the source still has nothing of what is stored
 */
export async function resolveTombstones(
  tx: Queryable,
  input: DiffInput,
  type: DiffType,
): Promise<{ nothingLeft: boolean }> {
  if (!type.structured) return { nothingLeft: false };
  const staged = stagedRows(input.staging, type.id);
  await tx.raw(
    `delete from ${staged} d where d.command = 'delete'
       and exists (select from ${staged} m where m.command = 'merge' and m.key = d.key)`,
  );
  const named = type.identity ? await createNamed(tx, input, type, type.identity) : 0;
  const nothingLeft = type.present === true && (await isEmpty(tx));
  if (type.identity && (named > 0 || type.present)) {
    await createHeld(tx, type, type.identity, staged);
    await tx.raw(
      `delete from ${staged} d using held h where d.command = 'delete' and h.key = d.key
         and (h.identity in (select identity from named where what in ('frozen', 'several')))`,
    );
    await createGoing(tx, input, type, staged);
    await warnOfAmbiguous(tx, input, type);
    await tx.raw(
      `insert into ${staged} (seq, source, line, position, command, key, attributes)
       select (select coalesce(max(seq), 0) from ${staged}) + row_number() over (order by key), coalesce(source, ?),
         coalesce(line, 0), position, case when derived and not ? then 'withheld' else 'delete' end, key, '{}'
       from going g where not exists (select from ${staged} s where s.key = g.key and s.command = 'delete')`,
      [type.table, type.certified],
    );
    await tx.raw('drop table held, going');
  }
  if (type.identity) await tx.raw('drop table named');
  return { nothingLeft };
}

/**
 * named (identity, what, key, source, line, position): every identity that the read has, by what it says of it. Beside those of
 * the staging there are `merge` and `delete`, of records that are used or left out, and `several`, of records under several keys.
 */
async function createNamed(tx: Queryable, input: DiffInput, type: DiffType, of: IdentityOf): Promise<number> {
  const places = 'source, line, position';
  await tx.raw(
    `create temp table named on commit drop as
     select ${compared(of, 'identity')} as identity, command as what, key, ${places}
     from ${stagedRows(input.staging, type.id)} where identity is not null and command in ('merge', 'delete')
     union all
     select ${compared(of, 'identity')}, what, null, ${places} from ${namedIdentities(input.staging, type.id)};
     insert into named select n.identity, 'several', n.key, n.source, n.line, n.position from named n
     where n.what = 'merge' and exists (
       select from named o where o.what = 'merge' and o.identity = n.identity and o.key <> n.key);
     analyze named`,
  );
  const found = await row<{ n: number }>(tx, 'select count(*)::int as n from named');
  return found?.n ?? 0;
}

const isEmpty = async (tx: Queryable): Promise<boolean> =>
  (await row(tx, `select 1 from named where what in ('merge', 'present', 'frozen') limit 1`)) === undefined;

/** held (key, identity, ambiguous): the stored resources that the read speaks of, by identity or by a key that is gone. */
async function createHeld(tx: Queryable, type: DiffType, of: IdentityOf, staged: string): Promise<void> {
  const value = stored(of);
  const asked = type.present
    ? `${value} is not null`
    : `(${value} in (select identity from named) or r.key in (select key from ${staged} where command = 'delete'))`;
  await tx.raw(
    `create temp table held on commit drop as
     select r.key, ${value} as identity, count(*) over (partition by ${value}) > 1 as ambiguous
     from syncline.resource r where r.entity_type = ${String(type.id)} and ${asked}`,
    of.isKey ? [] : [of.property, of.property, of.property],
  );
  await tx.raw('analyze held');
}

/** going (key, source, line, position, derived): the keys that go by their identity. */
async function createGoing(tx: Queryable, input: DiffInput, type: DiffType, staged: string): Promise<void> {
  const speaksFor = `not h.ambiguous
    and not exists (select from named x where x.identity = h.identity and x.what in ('frozen', 'several'))
    and not exists (select from ${staged} m where m.command = 'merge' and m.key = h.key)
    and not exists (select from ${frozenKeys(input.staging, type.id)} f where f.key = h.key)`;
  await tx.raw(
    `create temp table going on commit drop as
     select distinct on (h.key) h.key, n.source, n.line, n.position, false as derived
     from named n join held h on h.identity = n.identity and h.key is distinct from n.key
     where ${speaksFor} and (n.what in ('merge', 'delete') or (n.what = 'gone' and not exists (
       select from named x where x.identity = n.identity and x.what = 'merge')))
     order by h.key, n.line`,
  );
  if (type.present)
    await tx.raw(
      `insert into going select h.key, null, null, null, true from held h
       where ${speaksFor} and not exists (select from named n where n.identity = h.identity)`,
    );
}

async function warnOfAmbiguous(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  const warn = (key: string, message: string, from: string) =>
    tx.raw(
      `insert into syncline.sync_error (sync, entity_type, source_table, line, position, property, key, code, message, effect)
       select ?, ?, ?, s.line, s.position, ?, ${keyArraySql(key, type.keyCount)}, 'identity-ambiguous', ?, 'warning' from ${from}`,
      [input.sync, type.name, type.table, type.identity?.property ?? '', message],
    );
  const absent = type.present ? 'or not exists (select from named n where n.identity = h.identity)' : '';
  await warn(
    's.key',
    'Several stored resources have the identity of this one, so nothing of this identity was deleted. A complete sync tells which of them is still there.',
    `(select h.key, n.line, n.position from held h
       left join lateral (select min(line) as line, min(position) as position, count(*) as n from named
         where identity = h.identity and what in ('merge', 'delete', 'gone')) n on true
       where h.ambiguous and (n.n > 0 ${absent}) order by h.key) s`,
  );
  await warn(
    's.key',
    'Records with other keys have the same identity in this read. All of them were used, and nothing of this identity was deleted.',
    `(select distinct on (key) key, line, position from named where what = 'several' order by key, line) s`,
  );
}

/**
 * Complete reads: what is stored under the identity of a rejected row stays, since the row may be about it. The keys join those
 * that are frozen.
 */
export async function freezeByIdentity(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  const { identity: of } = type;
  if (!of || input.mode !== 'complete') return;
  const frozen = `(select ${compared(of, 'identity')} from ${namedIdentities(input.staging, type.id)} where what = 'frozen')`;
  if (!(await row(tx, `select 1 from ${frozen} f limit 1`))) return;
  await tx.raw(
    `insert into ${frozenKeys(input.staging, type.id)} select r.key from syncline.resource r
     where r.entity_type = ${String(type.id)} and ${stored(of)} in ${frozen}`,
    of.isKey ? [] : [of.property],
  );
}

const compared = ({ folds }: IdentityOf, value: string) => (folds ? `syncline.folded(${value})` : value);

/** SQL for the stored identity; takes the name of the property as a binding, unless the identity is the key. */
const stored = (of: IdentityOf) => (of.isKey ? 'r.key' : compared(of, 'r.attributes ->> ?'));
