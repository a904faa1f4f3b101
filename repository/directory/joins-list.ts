import { rows, type Queryable } from '../database.ts';

export const joinStates = ['joined', 'ambiguous', 'taken', 'doubtful', 'lookalike', 'unmatched'] as const;
export type JoinState = (typeof joinStates)[number];

export interface JoinRow {
  /** A place in the list: number of the entity type of joins, and key of the source. */
  joinType: number;
  sourceKey: string;
  state: JoinState;
  code: string | null;
  from: string;
  keyCount: number;
  label: string | null;
  to: string;
  directoryKey: string | null;
  directoryLabel: string | null;
  /** The place of the rule that found it, from 0; null if it was created, or nothing is joined. */
  rule: number | null;
  created: boolean;
  at: string | null;
  syncId: string | null;
}

const state = `case u.code when 'ambiguous-match' then 'ambiguous' when 'join-taken' then 'taken'
  when 'join-doubtful' then 'doubtful' when 'match-lookalike' then 'lookalike' else 'unmatched' end`;

const labelOf = (resource: string, type: string) =>
  `case when ${type}.label_property is not null then ${resource}.attributes ->> ${type}.label_property end`;

/** Joins and sources without one, by entity type and key. */
export function listJoins(
  db: Queryable,
  filter: { state?: JoinState | undefined; entityType?: string | undefined },
  after: { joinType: number; sourceKey: string } | undefined,
  limit: number,
): Promise<JoinRow[]> {
  return rows(
    db,
    `select x."joinType", x."sourceKey", x.state, x.code, f.name as "from", cardinality(f.key_properties) as "keyCount", ${labelOf('s', 'f')} as label, t.name as "to",
       x.directory as "directoryKey", ${labelOf('d', 't')} as "directoryLabel",
       case when x.by ~ '^[0-9]+$' then x.by::int end as rule, x.by = 'created' as created,
       coalesce(x.at, h.at) as at, coalesce(x.sync, h.sync) as "syncId"
     from (
       select j.entity_type as "joinType", j.key as "sourceKey", 'joined' as state, null as code,
         j.attributes ->> 'directory' as directory, j.attributes ->> 'rule' as by, null::timestamptz as at, null::uuid as sync
       from syncline.resource j where j.entity_type in (select id from syncline.entity_type where joins_from is not null)
       union all
       select u.join_type, u.key, ${state}, u.code, null, null, u.at, y.id
       from syncline.unjoined u join syncline.sync y on y.no = u.sync
     ) x
       join syncline.entity_type k on k.id = x."joinType" and not k.retired
       join syncline.entity_type f on f.id = k.joins_from join syncline.entity_type t on t.id = k.joins_to
       left join syncline.resource s on s.entity_type = f.id and s.key = x."sourceKey"
       left join syncline.resource d on d.entity_type = t.id and d.key = x.directory
       left join lateral (
         select y.id as sync, y.ended_at as at from syncline.change c join syncline.sync y on y.no = c.sync
         where x.state = 'joined' and c.entity_type = x."joinType" and c.key = x."sourceKey" and c.fate is null and y.applied
         order by y.no desc limit 1) h on true
     where (?::text is null or x.state = ?) and (?::text is null or f.name = ?)
       and (?::int is null or (x."joinType", x."sourceKey" collate "C") > (?, ?))
     order by x."joinType", x."sourceKey" collate "C" limit ?`,
    [
      ...[filter.state ?? null, filter.state ?? null, filter.entityType ?? null, filter.entityType ?? null],
      ...[after?.joinType ?? null, after?.joinType ?? 0, after?.sourceKey ?? '', limit],
    ],
  );
}
