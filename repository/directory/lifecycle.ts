import type { LifecycleFile } from '../../domain/directory/lifecycle.ts';
import { referenceColumn, referenceGiven, stagedRows, type StagedEntityType } from '../staging.ts';
import { joinTable, liveTable, touchedTable, type MapRun } from './run.ts';

/**
 * Stages the status of the resources that are computed again. Who has an anchor is active. Who has lost the last one is disabled,
 * whatever else is joined; so is who never had one, with the last join. An anchor that cannot be told decides nothing: a source that
 * came again and is ambiguous now does not disable anybody.
 */
export async function stageLifecycle(
  run: MapRun,
  { id, references }: StagedEntityType,
  { status, active, disabled }: LifecycleFile,
): Promise<void> {
  const { db, staging } = run;
  const staged = stagedRows(staging, id);
  const own = run.rules.filter(({ toType }) => toType === id);
  const list = (rules: typeof own) => `array[${rules.map(({ no }) => String(no)).join(', ')}]::int[]`;
  const anchors = list(own.filter(({ mapping }) => mapping.lifecycle === true));
  const columns = references.flatMap(({ property }) => [referenceColumn(property), referenceGiven(property)]);
  // those with no join left have no row yet: nothing else of them changes
  await db.raw(
    `insert into ${staged} (seq, source, line, command, key, attributes${columns.map((column) => `, ${column}`).join('')})
     select (select coalesce(max(seq), 0) from ${staged}) + row_number() over (order by t.key), 'mappings', 0, 'merge', t.key,
       jsonb_build_object('id', t.key)${references.map(() => ', null, false').join('')}
     from ${touchedTable(run)} t join syncline.resource r on r.entity_type = ${String(id)} and r.key = t.key
     where t.entity_type = ${String(id)} and not exists (select from ${liveTable(run)} l where l.entity_type = ${String(id)} and l.directory = t.key)`,
  );
  await db.raw(
    `with live as (
       select directory as key, bool_or(rule = any(${anchors})) as anchored from ${liveTable(run)}
       where entity_type = ${String(id)} group by directory
     ), ended as (
       select was as key, bool_or(code is not null) as untold, bool_or(rule = any(${anchors})) as lost from ${joinTable(run)}
       where rule = any(${list(own)}) and was is not null and (what = 'end' or what in ('join', 'new') and directory <> was) group by was
     )
     update ${staged} s set attributes = s.attributes || jsonb_build_object(?::text, case
         when l.anchored then ?::text
         when e.untold or l.key is not null and not coalesce(e.lost, false) then coalesce(r.attributes ->> ?::text, ?::text)
         else ?::text end)
     from ${staged} k left join live l on l.key = k.key left join ended e on e.key = k.key
       left join syncline.resource r on r.entity_type = ${String(id)} and r.key = k.key
     where s.seq = k.seq`,
    [status, active, status, active, disabled],
  );
}
