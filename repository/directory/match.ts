import { touched } from '../database.ts';
import { matchTable } from '../match-table.ts';
import {
  createdTable,
  joinTable,
  linkTable,
  liveTable,
  sourceTable,
  touchedTable,
  type MapRule,
  type MapRun,
} from './run.ts';

/**
 * Finds for each source that is looked at what it is joined to. A join that is there stays while its source is the same
 * resource and its condition holds. Others are found by the rules, or made, or end.
 */
export async function findJoins(run: MapRun): Promise<void> {
  await run.db.raw(`create index on ${sourceTable(run)} (rule, key); analyze ${sourceTable(run)} (rule, key)`);
  for (const rule of run.rules) await beginJoins(run, rule);
  const [join, created] = [joinTable(run), createdTable(run)];
  await run.db.raw(`
    create index on ${join} (rule, key); create index on ${join} (rule, directory); analyze ${join} (rule, key);
    create index on ${created} (property, value); create index on ${created} (property, loose); create index on ${created} (key)`);
  for (const rule of run.rules) {
    for (const [nth] of rule.match.entries()) await tryRule(run, rule, nth);
    await refuseTaken(run, rule);
    await makeNew(run, rule);
    await refuseTwins(run, rule);
    await noteCreated(run, rule);
  }
  // what was joined and found nothing again is joined no longer
  await run.db.raw(
    `update ${joinTable(run)} set what = case when was is null then 'none' else 'end' end where what = 'open'`,
  );
}

/** `failed` decides nothing. A source that came again under its key is another resource, so its join is looked for anew. */
async function beginJoins(run: MapRun, rule: MapRule): Promise<void> {
  await run.db.raw(
    `insert into ${joinTable(run)} (rule, join_type, key, id, what, directory, was)
     select s.rule, ${String(rule.joinType)}, s.key, s.id,
       case when s.state = 'failed' then case when j.id is null then 'none' else 'keep' end
         when s.state = 'mapped' and d.id is not null and j.attributes ->> 'source' = s.id::text then 'keep'
         when s.state = 'mapped' then 'open'
         when j.id is null then 'none' else 'end' end,
       j.attributes ->> 'directory', j.attributes ->> 'directory'
     from ${sourceTable(run)} s
       left join syncline.resource j on j.entity_type = ${String(rule.joinType)} and j.key = s.key
       left join syncline.resource d on d.entity_type = ${String(rule.toType)} and d.key = j.attributes ->> 'directory'
     where s.rule = ${String(rule.no)}`,
  );
}

/** Resources of the directory with match values: (property, value, loose, key), stored or made by this run. */
const candidates = (run: MapRun, rule: MapRule) => `(
  select m.property, m.value, m.loose, r.key from syncline.directory_match m
    join syncline.resource r on r.entity_type = ${String(rule.toType)} and r.id = m.resource
  where m.entity_type = ${String(rule.toType)}
  union all select property, value, loose, key from ${createdTable(run)} where entity_type = ${String(rule.toType)})`;

/** Joins of what one rule of `match` finds: `c0`, `c1`, … are the pairs of one candidate. */
function pairs(
  run: MapRun,
  rule: MapRule,
  nth: number,
  form: 'value' | 'loose',
): { joins: string; bindings: string[] } {
  const of = rule.match[nth] ?? [];
  const asked = (i: number, folds: boolean) => {
    const value = `(s.matches -> ${String(nth)} ->> ${String(i)})`;
    return form === 'value' ? `syncline.joined_form(${value}, ${String(folds)})` : `syncline.loose_form(${value})`;
  };
  const joins = of.map(({ folds }, i) => {
    const same = i === 0 ? '' : `and c${String(i)}.key = c0.key`;
    return `join ${candidates(run, rule)} c${String(i)} on c${String(i)}.property = ? and c${String(i)}.${form} = ${asked(i, folds)} ${same}`;
  });
  return { joins: joins.join(' '), bindings: of.map(({ property }) => property) };
}

const stillOpen = (rule: MapRule) => `o.rule = ${String(rule.no)} and o.what = 'open' and o.code is null`;

async function tryRule(run: MapRun, rule: MapRule, nth: number): Promise<void> {
  const { db } = run;
  const open = `${joinTable(run)} o join ${sourceTable(run)} s on s.rule = o.rule and s.key = o.key and s.due`;
  const hasValues = `${stillOpen(rule)} and jsonb_typeof(s.matches -> ${String(nth)}) = 'array'`;
  const exact = pairs(run, rule, nth, 'value');
  const found = await touched(
    db,
    `update ${joinTable(run)} u set what = case when f.n = 1 then 'join' else u.what end,
       directory = case when f.n = 1 then f.first end, by = ?,
       code = case when f.n > 1 then 'ambiguous-match' end,
       message = case when f.n > 1 then 'Several resources of the directory have these values. Nothing is joined or created: join it by hand, or correct the values.' end
     from (select o.key, count(distinct c0.key) as n, min(c0.key) as first from ${open} ${exact.joins}
       where ${hasValues} group by o.key) f
     where u.rule = ${String(rule.no)} and u.key = f.key and u.what = 'open' and u.code is null`,
    [String(nth), ...exact.bindings],
  );
  if (found > 0 && nth > 0) await doubt(run, rule, nth);
  const loose = pairs(run, rule, nth, 'loose');
  await touched(
    db,
    `update ${joinTable(run)} u set code = 'match-lookalike', directory = null,
       message = 'A resource of the directory has values that look the same and are not. Nothing is joined or created: compare the values.'
     from (select distinct o.key from ${open} ${loose.joins} where ${hasValues}) f
     where u.rule = ${String(rule.no)} and u.key = f.key and u.what = 'open' and u.code is null`,
    loose.bindings,
  );
}

/** A later rule joins only where no earlier one has values on both sides that differ: equal ones would have joined there. */
async function doubt(run: MapRun, rule: MapRule, nth: number): Promise<void> {
  for (let earlier = 0; earlier < nth; earlier++) {
    const of = rule.match[earlier] ?? [];
    const has = of.map(
      () =>
        `exists (select from ${candidates(run, rule)} c where c.key = u.directory and c.property = ? and c.value is not null)`,
    );
    await touched(
      run.db,
      `update ${joinTable(run)} u set what = 'open', directory = null, code = 'join-doubtful',
         message = 'A later rule finds a resource of the directory whose values differ from those of an earlier rule. Nothing is joined or created: it may be another one.'
       from ${sourceTable(run)} s
       where u.rule = ${String(rule.no)} and u.what = 'join' and u.by = '${String(nth)}' and s.rule = u.rule and s.key = u.key and s.due
         and jsonb_typeof(s.matches -> ${String(earlier)}) = 'array' and ${has.join(' and ')}`,
      of.map(({ property }) => property),
    );
  }
}

/** One resource of a source for one of the directory: two that find the same, or one that is joined, join none of them. */
async function refuseTaken(run: MapRun, rule: MapRule): Promise<void> {
  const join = joinTable(run);
  await touched(
    run.db,
    `update ${join} u set what = 'open', directory = null, code = 'join-taken',
       message = 'Another resource of the same entity type is joined to what this one finds, or finds it too. Nothing is joined or created.'
     where u.rule = ${String(rule.no)} and u.what = 'join' and (
       u.key in (select o.key from ${join} o where o.rule = ${String(rule.no)} and o.what in ('join', 'keep') and exists (
         select from ${join} x where x.rule = ${String(rule.no)} and x.what in ('join', 'keep') and x.directory = o.directory and x.key <> o.key))
       or exists (select from ${matchTable(rule.joinType)} m
         join syncline.resource j on j.entity_type = ${String(rule.joinType)} and j.id = m.resource
         where m.property = 'directory' and m.value = u.directory and j.key <> u.key
           and not exists (select from ${join} o where o.rule = u.rule and o.key = j.key)))`,
  );
}

async function makeNew(run: MapRun, rule: MapRule): Promise<void> {
  const { create, match } = rule.mapping;
  const empty = `not exists (select from jsonb_array_elements(s.matches) m where jsonb_typeof(m) = 'array')`;
  if (match.length > 0)
    await touched(
      run.db,
      `update ${joinTable(run)} o set code = 'match-empty',
         message = 'No rule of the mapping has a value to match by. Nothing is joined or created.'
       from ${sourceTable(run)} s where s.rule = o.rule and s.key = o.key and s.due and ${stillOpen(rule)} and ${empty}`,
    );
  // what it once created may belong to another one by now
  await touched(
    run.db,
    `update ${joinTable(run)} o set code = 'join-doubtful',
       message = 'What was created for it earlier is still there, and its values no longer match. Nothing is joined or created.'
     from ${sourceTable(run)} s join syncline.resource d on d.entity_type = ${String(rule.toType)} and d.key = s.created_key
     where s.rule = o.rule and s.key = o.key and s.due and ${stillOpen(rule)}`,
  );
  await touched(
    run.db,
    create
      ? `update ${joinTable(run)} o set what = 'new', directory = s.created_key, by = 'created'
         from ${sourceTable(run)} s where s.rule = o.rule and s.key = o.key and s.due and ${stillOpen(rule)}`
      : `update ${joinTable(run)} o set code = 'unmatched' where ${stillOpen(rule)}`,
  );
}

/** New ones with equal match values are one person, or two who must not be mixed up: none of them is made. */
async function refuseTwins(run: MapRun, rule: MapRule): Promise<void> {
  if (!rule.mapping.create || rule.match.length === 0) return;
  const forms = rule.match.map((of, nth) => {
    const values = of.map(
      ({ folds }, i) => `syncline.joined_form(s.matches -> ${String(nth)} ->> ${String(i)}, ${String(folds)})`,
    );
    return `select o.key, ${String(nth)} as nth, jsonb_build_array(${values.join(', ')}) as form
      from ${joinTable(run)} o join ${sourceTable(run)} s on s.rule = o.rule and s.key = o.key and s.due
      where o.rule = ${String(rule.no)} and o.what = 'new' and jsonb_typeof(s.matches -> ${String(nth)}) = 'array'`;
  });
  await touched(
    run.db,
    `update ${joinTable(run)} u set what = 'open', directory = null, code = 'join-taken',
       message = 'Another new resource of the same entity type has the same values to match by. None of them is created.'
     from (select distinct key from (
       select key, count(*) over (partition by nth, form) as n from (${forms.join(' union all ')}) f) t where n > 1) twin
     where u.rule = ${String(rule.no)} and u.key = twin.key and u.what = 'new'`,
  );
}

/** What the rules of later mappings can find. */
async function noteCreated(run: MapRun, rule: MapRule): Promise<void> {
  await run.db.raw(
    `insert into ${createdTable(run)} (entity_type, property, value, loose, key)
     select ${String(rule.toType)}, p.property, syncline.joined_form(v.value, p.folds), syncline.loose_form(v.value), o.directory
     from ${joinTable(run)} o join ${sourceTable(run)} s on s.rule = o.rule and s.key = o.key and s.due
       join syncline.matched_property p on p.entity_type = ${String(rule.toType)}
       cross join lateral (select case when jsonb_typeof(s.attributes -> p.property) <> 'object' then s.attributes ->> p.property end) v(value)
     where o.rule = ${String(rule.no)} and o.what = 'new' and not exists (
       select from syncline.resource r where r.entity_type = ${String(rule.toType)} and r.key = o.directory)`,
  );
  await run.db.raw(`analyze ${createdTable(run)}`);
}

/**
 * The resources of the directory to compute again, and all live joins of them. Beside those whose sources were looked at there
 * are those whose links lead to a join that was made or has ended.
 */
export async function findTouched(run: MapRun): Promise<void> {
  const [join, touchedTo, live] = [joinTable(run), touchedTable(run), liveTable(run)];
  for (const rule of run.rules) {
    await run.db.raw(
      `insert into ${touchedTo} select ${String(rule.toType)}, d from ${join} o cross join lateral (values (o.directory), (o.was)) v(d)
       where o.rule = ${String(rule.no)} and d is not null and o.what in ('keep', 'join', 'new', 'end')
       on conflict do nothing`,
    );
    if (run.whole) continue;
    for (const { through, side } of rule.links) {
      const other = side === 'source' ? 'target' : 'source';
      await run.db.raw(
        `insert into ${touchedTo} select ${String(rule.toType)}, j.attributes ->> 'directory'
         from ${join} o join syncline.link l on l.property = any(?::int[]) and l.${other} = o.id
           join syncline.resource r on r.entity_type = ${String(rule.fromType)} and r.id = l.${side}
           join syncline.resource j on j.entity_type = ${String(rule.joinType)} and j.key = r.key
         where o.what in ('join', 'new', 'end')
         on conflict do nothing`,
        [through],
      );
    }
  }
  await run.db.raw(`analyze ${touchedTo}`);
  for (const rule of run.rules)
    await run.db.raw(
      `insert into ${live} (rule, priority, key, id, entity_type, directory)
       select ${String(rule.no)}, ${String(rule.mapping.priority)}, o.key, o.id, ${String(rule.toType)}, o.directory
       from ${join} o where o.rule = ${String(rule.no)} and o.what in ('keep', 'join', 'new')
       union all
       select ${String(rule.no)}, ${String(rule.mapping.priority)}, j.key, (j.attributes ->> 'source')::bigint, t.entity_type, t.key
       from ${touchedTo} t join ${matchTable(rule.joinType)} m on m.property = 'directory' and m.value = t.key
         join syncline.resource j on j.entity_type = ${String(rule.joinType)} and j.id = m.resource
       where t.entity_type = ${String(rule.toType)}
         and not exists (select from ${join} o where o.rule = ${String(rule.no)} and o.key = j.key)`,
    );
  await run.db.raw(`analyze ${live}`);
}

/** The links that live joins give: through a link of the source to what its other end is joined to. */
export async function findLinks(run: MapRun): Promise<void> {
  for (const rule of run.rules)
    for (const link of rule.links) {
      const other = link.side === 'source' ? 'target' : 'source';
      for (const to of run.rules.filter(({ toType }) => link.targets.includes(toType)))
        await run.db.raw(
          `insert into ${linkTable(run)} (navigation, directory, target, rule, priority)
           select distinct ${String(link.navigation)}, l.directory, coalesce(o.directory, j.attributes ->> 'directory'), l.rule, l.priority
           from ${liveTable(run)} l
             join syncline.link k on k.property = any(?::int[]) and k.${link.side} = l.id
             join syncline.resource r on r.entity_type = ${String(to.fromType)} and r.id = k.${other}
             left join ${joinTable(run)} o on o.rule = ${String(to.no)} and o.key = r.key
             left join syncline.resource j on o.key is null and j.entity_type = ${String(to.joinType)} and j.key = r.key
               and j.attributes ->> 'source' = r.id::text
           where l.rule = ${String(rule.no)} and (o.what in ('keep', 'join', 'new') or j.id is not null)`,
          [link.through],
        );
    }
  await run.db.raw(`create index on ${linkTable(run)} (navigation, directory); analyze ${linkTable(run)}`);
}
