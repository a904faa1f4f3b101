import { ofSync } from '../change-parts.ts';
import type { Queryable } from '../database.ts';
import type { Staging } from '../staging.ts';
import { joinTable, sourceTable, valueTable } from './run.ts';

/** Sources that no mapping has joined, and what makes them due again. */

/**
 * Notes which of the sources that a run has looked at are joined to nothing, and why. Where one of them no longer has a value
 * that it shared with others, those are due.
 */
export async function noteUnjoined(tx: Queryable, sync: number, staging: Staging): Promise<void> {
  const looked = joinTable({ staging });
  await tx.raw(`
    create temp table left_alone on commit drop as
    select o.join_type, o.key, o.code from ${looked} o
      join syncline.entity_type t on t.id = o.join_type and t.joins_from is not null and not t.retired
    where o.code is not null and o.what in ('none', 'end');
    create temp table left_values on commit drop as
    select distinct v.join_type, v.key, v.entity_type, v.property, v.loose from ${valueTable({ staging })} v
      join left_alone a on a.join_type = v.join_type and a.key = v.key;
    create temp table given_up on commit drop as
    select v.join_type, v.key, v.entity_type, v.property, v.loose from syncline.unjoined_value v
      join ${looked} o on o.join_type = v.join_type and o.key = v.key
    except select * from left_values;
    analyze given_up`);
  await tx.raw(`
    insert into syncline.due (consumer, entity_type, key)
    select distinct t.connector, t.joins_from, w.key from given_up g
      join syncline.unjoined_value w on w.entity_type = g.entity_type and w.property = g.property and w.loose = g.loose
      join syncline.entity_type t on t.id = w.join_type and not t.retired
    where not exists (select from ${looked} o where o.join_type = w.join_type and o.key = w.key)
      or exists (select from left_alone a where a.join_type = w.join_type and a.key = w.key and a.key <> g.key)
    order by 2, 3
    on conflict (consumer, entity_type, key) do nothing`);
  await tx.raw(`
    delete from syncline.unjoined u using ${looked} o where u.join_type = o.join_type and u.key = o.key;
    insert into syncline.unjoined (join_type, key, code, sync) select join_type, key, code, ${String(sync)} from left_alone;
    insert into syncline.unjoined_value select * from left_values;
    drop table left_alone, left_values, given_up`);
}

/** The match values of everything that the run has looked at, in the form in which similar ones are equal. */
export async function stageValues(
  run: { db: Queryable; staging: Staging },
  rule: { no: number; joinType: number; toType: number; match: { property: string }[][] },
): Promise<void> {
  for (const [nth, of] of rule.match.entries())
    for (const [i, { property }] of of.entries())
      await run.db.raw(
        `insert into ${valueTable(run)} (join_type, key, entity_type, property, loose)
         select ${String(rule.joinType)}, s.key, ${String(rule.toType)}, ?, syncline.loose_form(s.matches -> ${String(nth)} ->> ${String(i)})
         from ${sourceTable(run)} s
           join ${joinTable(run)} o on o.rule = s.rule and o.key = s.key and o.code is not null and o.what in ('none', 'end')
         where s.rule = ${String(rule.no)} and s.due and jsonb_typeof(s.matches -> ${String(nth)}) = 'array'`,
        [property],
      );
}

/**
 * What the directory has, or had, may join what is joined to nothing: those that share a match value with a changed resource, or
 * with one whose join has changed, are due. Called before and after the match values follow the changes.
 */
export async function noteAwaited(tx: Queryable, sync: number): Promise<void> {
  const changes = `syncline.change c where ${ofSync(sync, 'c')} and c.fate is null`;
  await tx.raw(
    `insert into syncline.due (consumer, entity_type, key)
     select distinct t.connector, t.joins_from, w.key from (
       select c.resource from ${changes} and c.entity_type in (select entity_type from syncline.matched_property)
       union
       select r.id from syncline.change c
         join syncline.entity_type j on j.id = c.entity_type and j.joins_from is not null
         join syncline.resource r on r.entity_type = j.joins_to and r.key in (c.before ->> 'directory', c.after ->> 'directory')
       where ${ofSync(sync, 'c')} and c.fate is null
     ) x
       join syncline.directory_match m on m.resource = x.resource
       join syncline.unjoined_value w on w.entity_type = m.entity_type and w.property = m.property and w.loose = m.loose
       join syncline.entity_type t on t.id = w.join_type and not t.retired
     order by 2, 3
     on conflict (consumer, entity_type, key) do update set version = nextval('syncline.due_version')`,
  );
}
