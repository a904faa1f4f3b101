import type { OrderOperation, OrderStatus } from '../../domain/provisioning/order.ts';
import { row, rows, touched, type Queryable } from '../database.ts';

/** An order as people see it. */
export interface OrderView {
  no: number;
  id: string;
  /** The name of what keeps the profiles. */
  connector: string;
  profile: string;
  key: string;
  operation: OrderOperation;
  status: OrderStatus;
  attempts: { at: string; outcome: OrderStatus; code: string | null; milliseconds: number }[];
  nextAttemptAt: string | null;
  error: { code: string; message: string; field?: string } | null;
  targetId: string | null;
  calls: number;
  syncId: string | null;
  createdAt: string;
  endedAt: string | null;
}

const columns = `o.no, o.id, c.name as connector, t.name as profile, o.key, o.operation, o.status, o.attempts,
  case when o.ended_at is null then o.next_attempt_at end as "nextAttemptAt", o.error, a.target_id as "targetId", o.calls,
  s.id as "syncId", o.created_at as "createdAt", o.ended_at as "endedAt"
  from syncline.provisioning_order o join syncline.connector c on c.id = o.connector
    join syncline.entity_type t on t.id = o.profile_type
    left join syncline.account a on a.profile_type = o.profile_type and a.key = o.key
    left join syncline.sync s on s.no = o.sync`;

export const findOrder = (db: Queryable, id: string): Promise<OrderView | undefined> =>
  row(db, `select ${columns} where o.id = ?`, [id]);

export interface OrderFilter {
  /** The name of what keeps the profiles. */
  connector?: string | undefined;
  profile?: string | undefined;
  key?: string | undefined;
  status?: OrderStatus | undefined;
  code?: string | undefined;
}

/** Newest first. */
export function listOrders(
  db: Queryable,
  filter: OrderFilter,
  before: number | undefined,
  limit: number,
): Promise<OrderView[]> {
  const conditions: [string, string | number | undefined][] = [
    ['c.name = ?', filter.connector],
    ['t.name = ?', filter.profile],
    ['o.key = ?', filter.key],
    ['o.status = ?', filter.status],
    [`o.error ->> 'code' = ?`, filter.code],
    ['o.no < ?', before],
  ];
  const used = conditions.filter((each): each is [string, string | number] => each[1] !== undefined);
  const where = used.length === 0 ? '' : `where ${used.map(([sql]) => sql).join(' and ')}`;
  return rows(db, `select ${columns} ${where} order by o.no desc limit ?`, [...used.map(([, value]) => value), limit]);
}

/** Whether a later order of the same part of the profile was made. */
const isLast = `not exists (select from syncline.provisioning_order n where n.profile_type = o.profile_type and n.key = o.key
  and n.part = o.part and n.no > o.no)`;

/** Sends an order again that has failed or was abandoned; of `unknown`, the target is asked at once. @returns whether it can */
export const retryOrder = async (tx: Queryable, id: string): Promise<boolean> =>
  (await touched(
    tx,
    `update syncline.provisioning_order o set status = case when status = 'unknown' then status else 'pending' end, error = null,
       next_attempt_at = clock_timestamp(), ended_at = null, transient_failures = 0
     where id = ? and status in ('failed', 'abandoned', 'unknown', 'pending') and ${isLast}`,
    [id],
  )) === 1;

/** Gives up an order that is not being sent. @returns whether it can */
export const abandonOrder = async (tx: Queryable, id: string): Promise<boolean> =>
  (await touched(
    tx,
    `update syncline.provisioning_order set status = 'abandoned', ended_at = clock_timestamp()
     where id = ? and status in ('pending', 'unknown', 'failed')`,
    [id],
  )) === 1;

/** How many orders of a target there are in each status. */
export async function countOrders(db: Queryable, connector: number): Promise<Partial<Record<OrderStatus, number>>> {
  const found = await rows<{ status: OrderStatus; n: number }>(
    db,
    'select status, count(*)::int as n from syncline.provisioning_order where connector = ? group by status',
    [connector],
  );
  return Object.fromEntries(found.map(({ status, n }) => [status, n]));
}
