import { rows, withoutLoops, withoutSorts, type Queryable } from '../database.ts';
import { proposed } from './proposed.ts';
import type { Gone } from './gone.ts';
import type { CauseLink, CauseSubject } from './subject.ts';

/**
 * The proposed deletes of links of one change set that go with one of their ends, for all detectors: looking up the ends costs
 * more than all that the detectors ask of the result. Only `createLost` makes one.
 */
export interface LostLinks {
  counts: LostCount[];
  /** A subquery: lines, how many links; the source and the target that go, null for one that stays. */
  ends: string;
  /** A subquery: ids of the resources that go and to which links of a property led. */
  allTargetsOf: (property: number) => string;
  /** A subquery: ids of the resources that go while the sources of links of a property to them stay. */
  targetsOf: (property: number) => string;
  /** A subquery: property; side, on which a sampled resource of a type goes; other, the resource at the other end. */
  atSampled: (type: number) => string;
}

/** Of a property, by which ends of the links go as well. */
interface LostCount {
  property: number;
  sourceType: number;
  targetType: number;
  sourceGoes: boolean;
  targetGoes: boolean;
  lines: number;
}

export async function createLost(
  tx: Queryable,
  sync: number,
  subjects: readonly CauseSubject[],
  gone: Gone,
): Promise<LostLinks> {
  const types = subjects.filter(({ deleted }) => deleted > 0).map(({ id }) => id);
  const selects = (await endsThatGo(tx, types)).map((ends) => selectLost(sync, gone, ends));
  // many links of one resource that goes are one row: only those at sampled ends are told apart by their other end
  await tx.raw(
    `create temp table cause_lost (property integer, source bigint, target bigint, source_goes boolean, target_goes boolean,
       source_type integer, target_type integer, lines integer) on commit drop`,
  );
  const insert = () => tx.raw(`insert into cause_lost ${selects.join(' union all ')}`);
  if (selects.length > 0) await withoutSorts(tx, () => withoutLoops(tx, insert));
  const counts = await rows<LostCount>(
    tx,
    `select c.*, p.entity_type as "sourceType", p.target as "targetType" from (
       select property, source_goes as "sourceGoes", target_goes as "targetGoes", sum(lines)::int as lines
       from cause_lost group by 1, 2, 3
     ) c join syncline.link_property p on p.id = c.property`,
  );
  const targets = (property: number) =>
    `select target from cause_lost where property = ${String(property)} and target_goes`;
  return {
    counts,
    ends: `(select lines, case when source_goes then source end as source, case when target_goes then target end as target
      from cause_lost)`,
    allTargetsOf: targets,
    targetsOf: (property) => `${targets(property)} and not source_goes group by 1`,
    atSampled: (type) => `(
      select property, 'source' as side, target as other from cause_lost where source_type = ${String(type)}
      union all select property, 'target', source from cause_lost where target_type = ${String(type)})`,
  };
}

/** Link properties between the same kinds of types: those of which resources go, and others. */
interface EndsThatGo {
  sources: boolean;
  targets: boolean;
  properties: number[];
}

/** Without the properties of which both ends stay: their links are not looked up. @param types those of which resources go */
const endsThatGo = (tx: Queryable, types: number[]): Promise<EndsThatGo[]> =>
  rows<EndsThatGo>(
    tx,
    `select sources, targets, array_agg(id) as properties
     from (
       select id, entity_type = any(?::integer[]) as sources, (target = any(?::integer[])) is true as targets
       from syncline.link_property) p
     where sources or targets group by 1, 2`,
    [types, types],
  );

/** The rows of cause_lost of such properties. Only ends that can go are looked up. What else is said of an end follows from it. */
function selectLost(sync: number, gone: Gone, { sources, targets, properties }: EndsThatGo): string {
  const kind = sources && targets ? 'left join' : 'join';
  const source = endAs('s', sources);
  const target = endAs('t', targets);
  return `
    select l.property, case when ${source.goes} or ${target.sampled} then l.source end,
      case when ${target.goes} or ${source.sampled} then l.target end, bool_or(${source.goes}), bool_or(${target.goes}),
      min(${source.sampledType}), min(${target.sampledType}), count(*)
    from syncline.link_change l
      ${sources ? `${kind} ${gone.sampled} s on s.resource = l.source` : ''}
      ${targets ? `${kind} ${gone.sampled} t on t.resource = l.target` : ''}
    where ${proposed(sync, 'l')} and l.operation = 'd' and l.property = any('{${properties.join(',')}}'::integer[])
      ${sources && targets ? 'and (s.resource is not null or t.resource is not null)' : ''}
    group by 1, 2, 3`;
}

/** What a joined row of `gone.sampled` says of an end. @param can whether resources of its type go, so that it is joined */
const endAs = (joined: 's' | 't', can: boolean) =>
  can
    ? {
        goes: `${joined}.resource is not null`,
        sampled: `${joined}.sampled`,
        sampledType: `case when ${joined}.sampled then ${joined}.entity_type end`,
      }
    : { goes: 'false', sampled: 'false', sampledType: 'null::integer' };

/** If it was made. */
export async function dropLost(tx: Queryable): Promise<void> {
  await tx.raw('drop table if exists pg_temp.cause_lost');
}

/** Who asks for them; `lostLinks` makes them once. */
interface Asking {
  lostLinks: () => Promise<LostLinks>;
}

/** Those of one property of which one or both ends go. */
export async function lostOf(
  { lostLinks }: Asking,
  property: number,
  ends: Pick<LostCount, 'sourceGoes' | 'targetGoes'>,
): Promise<number> {
  const found = (await lostLinks()).counts.find(
    (each) => each.property === property && each.sourceGoes === ends.sourceGoes && each.targetGoes === ends.targetGoes,
  );
  return found?.lines ?? 0;
}

/** Those that go with the resources that go of one of the types. */
export async function lostWith({ lostLinks }: Asking, types: readonly number[]): Promise<number> {
  const goes = ({ sourceGoes, sourceType, targetGoes, targetType }: LostCount) =>
    (sourceGoes && types.includes(sourceType)) || (targetGoes && types.includes(targetType));
  const { counts } = await lostLinks();
  return counts.filter(goes).reduce((sum, { lines }) => sum + lines, 0);
}

/** Those of a property whose two ends stay, and whether all ends of the property stay. Then no row is read. */
export async function lostWhileEndsStay(
  search: Asking & { subjects: readonly CauseSubject[] },
  type: CauseSubject,
  link: CauseLink,
): Promise<{ lost: number; allEndsStay: boolean }> {
  const endsGo = search.subjects.some(({ id, deleted }) => deleted > 0 && (id === type.id || id === link.target));
  if (!endsGo) return { lost: link.deleted, allEndsStay: true };
  const { counts } = await search.lostLinks();
  const withAnEnd = counts.reduce((sum, { property, lines }) => sum + (property === link.id ? lines : 0), 0);
  return { lost: link.deleted - withAnEnd, allEndsStay: false };
}
