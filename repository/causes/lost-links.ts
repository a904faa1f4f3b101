import { rows, withoutLoops, type Queryable } from '../database.ts';
import { proposed } from './explained.ts';
import type { Gone } from './gone.ts';
import type { CauseLink, CauseSubject } from './subject.ts';

/**
 * The proposed deletes of links of one change set, with what goes of their ends, for all detectors: looking up the ends costs
 * more than all that the detectors ask of the result. Only `createLost` makes one.
 */
export interface LostLinks {
  counts: LostCount[];
  /** A subquery: source, target of all of them, source_goes, target_goes. */
  ends: string;
  /** A subquery: ids of the resources that go while the sources of links of a property to them stay. */
  targetsOf: (property: number) => string;
  /** A subquery: property; side, on which a sampled resource of a type goes; other, the resource at the other end. */
  atSampled: (type: number) => string;
}

/** Of a property, by whether the ends of the links go as well. */
interface LostCount {
  property: number;
  sourceGoes: boolean;
  targetGoes: boolean;
  lines: number;
}

export async function createLost(tx: Queryable, sync: number, gone: Gone): Promise<LostLinks> {
  await withoutLoops(tx, () =>
    tx.raw(
      `create temp table cause_lost on commit drop as
       select l.property, l.source, l.target, s.resource is not null as source_goes, t.resource is not null as target_goes,
         case when s.sampled then s.entity_type end as source_type, case when t.sampled then t.entity_type end as target_type
       from syncline.link_change l
         left join ${gone.sampled} s on s.resource = l.source left join ${gone.sampled} t on t.resource = l.target
       where ${proposed(sync, 'l')} and l.operation = 'd'`,
    ),
  );
  const counts = await rows<LostCount>(
    tx,
    `select property, source_goes as "sourceGoes", target_goes as "targetGoes", count(*)::int as lines
     from cause_lost group by 1, 2, 3`,
  );
  return {
    counts,
    ends: 'cause_lost',
    targetsOf: (property) =>
      `select target from cause_lost where property = ${String(property)} and target_goes and not source_goes group by 1`,
    atSampled: (type) => `(
      select property, 'source' as side, target as other from cause_lost where source_type = ${String(type)}
      union all select property, 'target', source from cause_lost where target_type = ${String(type)})`,
  };
}

/** If it was made. */
export async function dropLost(tx: Queryable): Promise<void> {
  await tx.raw('drop table if exists pg_temp.cause_lost');
}

/** Who asks for them; `lostLinks` makes them once. */
interface Asking {
  lostLinks: () => Promise<LostLinks>;
}

/** Those of one property. */
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

/** Those of a property whose two ends stay, and whether all ends of the property stay. Then no row is read. */
export async function lostWhileEndsStay(
  search: Asking & { subjects: readonly CauseSubject[] },
  type: CauseSubject,
  link: CauseLink,
): Promise<{ lost: number; allEndsStay: boolean }> {
  const endsGo = search.subjects.some(({ id, deleted }) => deleted > 0 && (id === type.id || id === link.target));
  const lost = endsGo ? await lostOf(search, link.id, { sourceGoes: false, targetGoes: false }) : link.deleted;
  return { lost, allEndsStay: !endsGo };
}
