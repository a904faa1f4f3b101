import { row, type Queryable } from '../database.ts';
import { referenceColumn, referenceGiven, stagedErrors, stagedRows, type StagedEntityType } from '../staging.ts';
import { keyArraySql } from '../resolve-rows.ts';
import { joinTable, linkTable, liveTable, sourceTable, type MapRule, type MapRun } from './run.ts';

/** Stages what the directory and its joins should be: the rows that a diff compares with what is stored. */

/** Stands for a value that a mapping could not compute: a mapping that comes first may still give one. */
export const undecided = { undecided: true };
const undecidedJson = JSON.stringify(undecided);

/** SQL for all numbers of lists of numbers. */
const numbers = (lists: string) =>
  `coalesce(string_to_array(string_agg(nullif(array_to_string(${lists}, ','), ''), ','), ',')::int[], '{}')`;

interface TargetType extends StagedEntityType {
  name: string;
  /** By number of link property: how many entity types it leads to. */
  leadsTo: ReadonlyMap<number, number>;
}

/**
 * The resources of an entity type of the directory, as all their live joins make them. Each property has the value of the
 * mapping with the lowest priority that gives one. What no live mapping speaks of stays as it is, and so does what a mapping
 * could not compute.
 * @returns how many are staged
 */
export async function stageMerged(run: MapRun, type: TargetType): Promise<number> {
  const { db, staging, rules } = run;
  const own = rules.filter(({ toType }) => toType === type.id);
  if (own.length === 0) return 0;
  const ruleValues = own.map(() => '(?::int, ?::jsonb, ?::int[])').join(', ');
  const bindings = own.flatMap((rule) => [
    rule.no,
    JSON.stringify(Object.fromEntries(rule.properties.map((name) => [name, null]))),
    rule.links.map(({ navigation }) => navigation),
  ]);
  const references = type.references.map(({ property, multiValued }) => {
    const targets = type.leadsTo.get(property) ?? 1;
    const form = targets > 1 ? `array_to_json(array_fill(target, array[${String(targets)}]))::text` : 'target';
    const value = multiValued
      ? `(select array_agg(distinct ${form}) from ${linkTable(run)} k where k.navigation = ${String(property)} and k.directory = m.key)`
      : `(select ${form} from ${linkTable(run)} k where k.navigation = ${String(property)} and k.directory = m.key order by priority, rule, target limit 1)`;
    return {
      columns: [referenceColumn(property), referenceGiven(property)],
      values: [value, `(${String(property)} = any(m.navigations) and not ${String(property)} = any(m.frozen))`],
    };
  });
  await db.raw(
    `insert into ${stagedRows(staging, type.id)}
       (seq, source, line, command, key, attributes${references.flatMap(({ columns }) => columns.map((c) => `, ${c}`)).join('')})
     select row_number() over (order by m.key), 'mappings', 0, 'merge', m.key,
       jsonb_build_object('id', m.key) || case when m.failed then (
         select coalesce(jsonb_object_agg(p.name, p.value), '{}') from jsonb_each(m.attributes) p(name, value)
         where p.value <> '${undecidedJson}') else m.attributes end
       ${references.flatMap(({ values }) => values.map((v) => `, ${v}`)).join('')}
     from (
       select l.directory as key,
         syncline.jsonb_merge(r.given order by l.priority desc, l.rule desc, l.key desc)
           || syncline.jsonb_merge(s.attributes order by l.priority desc, l.rule desc, l.key desc) as attributes,
         bool_or(cardinality(s.failed) > 0) as failed,
         ${numbers('r.navigations')} as navigations,
         ${numbers(`case when s.state = 'failed' then r.navigations end`)} as frozen
       from ${liveTable(run)} l
         join (values ${ruleValues}) r (no, given, navigations) on r.no = l.rule
         join ${sourceTable(run)} s on s.rule = l.rule and s.key = l.key
       where l.entity_type = ${String(type.id)} group by l.directory) m`,
    bindings,
  );
  const staged = await row<{ n: number }>(db, `select count(*)::int as n from ${stagedRows(staging, type.id)}`);
  return staged?.n ?? 0;
}

/** The joins of a rule: those that are made or moved, and those that end. @returns how many sources are looked at */
export async function stageJoins(run: MapRun, rule: MapRule): Promise<{ read: number; rejected: number }> {
  const { db, staging } = run;
  await db.raw(
    `insert into ${stagedRows(staging, rule.joinType)} (seq, source, line, command, key, attributes)
     select row_number() over (order by key), 'mappings', 0, case when what = 'end' then 'delete' else 'merge' end, key,
       case when what = 'end' then '{}' else jsonb_build_object('key', key, 'source', id::text, 'directory', directory, 'rule', by) end
     from ${joinTable(run)} where rule = ${String(rule.no)} and what in ('join', 'new', 'end')`,
  );
  await tellUnjoined(db, run, rule);
  const counted = await row<{ read: number; rejected: number }>(
    db,
    `select count(*)::int as read,
       count(*) filter (where o.code <> 'unmatched' or s.state = 'failed' or cardinality(s.failed) > 0)::int as rejected
     from ${joinTable(run)} o join ${sourceTable(run)} s on s.rule = o.rule and s.key = o.key and s.due
     where o.rule = ${String(rule.no)}`,
  );
  return counted ?? { read: 0, rejected: 0 };
}

async function tellUnjoined(db: Queryable, run: MapRun, rule: MapRule): Promise<void> {
  await db.raw(
    `insert into ${stagedErrors(run.staging)} (entity_type, source_table, key, code, message, effect)
     select ?, ?, ${keyArraySql('o.key', rule.from.key.length)}, code, message, 'row-rejected'
     from ${joinTable(run)} o where rule = ${String(rule.no)} and code is not null and message is not null order by key`,
    [rule.mapping.from, rule.from.source.table],
  );
}
