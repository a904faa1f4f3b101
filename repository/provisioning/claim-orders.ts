import type { Values } from '../../domain/provisioning/order.ts';
import { row, rows, touched, type Queryable } from '../database.ts';
import type { OrderEnd } from '../../domain/provisioning/order.ts';
import type { OrderOperation } from '../../domain/provisioning/order.ts';

/** Orders as those who send them take them and end them. */

/** A claimed order with what is known of its account. */
export interface ClaimedOrder {
  no: number;
  profile: string;
  profileType: number;
  key: string;
  operation: OrderOperation;
  fence: number;
  /** An earlier attempt may have had an effect: the target is asked first. */
  asked: boolean;
  transientFailures: number;
  /** The values of a create that an earlier attempt has begun. */
  sent: Values | null;
  /** Null: nothing is assigned any longer. */
  desired: Values | null;
  account: { targetId: string; enabled: boolean; pushed: Values } | null;
}

/** In which order they are sent: what gives before what takes away. */
const rank = `array_position(array['create', 'enable', 'update', 'add-members', 'disable', 'remove-members', 'delete'], operation)`;
const due = `status in ('pending', 'unknown') and next_attempt_at <= clock_timestamp() or status = 'running' and lease_until < clock_timestamp()`;
/** Of an order q of the same profile. */
const same = 'q.profile_type = o.profile_type and q.key = o.key';
/** Whether no other order of the profile has to end first, and the target is in use and not paused. */
const free = `exists (select from syncline.connector c where c.id = o.connector and c.active and c.paused_at is null)
  and (o.status <> 'pending' or not exists (
    select from syncline.provisioning_order q where ${same} and q.part = o.part and q.status in ('running', 'unknown')))
  and (o.part = 'account' or not exists (
    select from syncline.provisioning_order q where ${same} and q.part = 'account' and q.status in ('pending', 'running', 'unknown')))`;

/**
 * Takes orders of a target that are due. Whoever takes one that another has not ended in time takes its fence too, so that the other writes
 * nothing any longer. Nothing is taken while the target is paused or not in use.
 * @param leaseSeconds how long they may take
 */
export function claimOrders(
  tx: Queryable,
  { connector, most, leaseSeconds }: { connector: number; most: number; leaseSeconds: number },
): Promise<ClaimedOrder[]> {
  return rows(
    tx,
    `with taken as (
       select no, status from syncline.provisioning_order o
       where connector = ? and (${due}) and ${free}
       order by ${rank}, no limit ? for update skip locked
     ), claimed as (
       update syncline.provisioning_order o set status = 'running', fence = fence + 1,
         lease_until = clock_timestamp() + make_interval(secs => ?)
       from taken t where o.no = t.no
       returning o.no, o.profile_type, o.key, o.operation, o.fence, o.transient_failures, o.sent, t.status <> 'pending' or o.sent is not null as asked
     )
     select o.no, t.name as profile, o.profile_type as "profileType", o.key, o.operation, o.fence, o.asked, o.sent,
       o.transient_failures as "transientFailures", r.attributes as desired,
       case when a.key is not null then jsonb_build_object('targetId', a.target_id, 'enabled', a.enabled, 'pushed', a.pushed) end as account
     from claimed o join syncline.entity_type t on t.id = o.profile_type
       left join syncline.resource r on r.entity_type = o.profile_type and r.key = o.key
       left join syncline.account a on a.profile_type = o.profile_type and a.key = o.key
     order by ${rank}, o.no`,
    [connector, most, leaseSeconds],
  );
}

/** Begins the lease anew, before each write. @returns false if the claim no longer counts */
export async function holdClaim(
  db: Queryable,
  { no, fence }: Pick<ClaimedOrder, 'no' | 'fence'>,
  leaseSeconds: number,
): Promise<boolean> {
  const held = await touched(
    db,
    `update syncline.provisioning_order set lease_until = clock_timestamp() + make_interval(secs => ?)
     where no = ? and fence = ? and status = 'running' and lease_until > clock_timestamp()`,
    [leaseSeconds, no, fence],
  );
  return held === 1;
}

/** Before a create is sent. */
export async function noteSent(db: Queryable, { no }: Pick<ClaimedOrder, 'no'>, values: Values): Promise<void> {
  await db.raw('update syncline.provisioning_order set sent = ?::jsonb where no = ?', [JSON.stringify(values), no]);
}

/** Stores how an attempt went. @returns false if the claim was lost: then whoever has it stores what it finds */
export async function endAttempt(
  tx: Queryable,
  { no, fence }: Pick<ClaimedOrder, 'no' | 'fence'>,
  { status, code, message, field, retrySeconds, transientFailures, milliseconds, calls }: OrderEnd,
): Promise<boolean> {
  const later =
    status === 'pending' &&
    (await row(
      tx,
      `select 1 from syncline.provisioning_order o join syncline.provisioning_order q on ${same} and q.part = o.part and q.no > o.no
       where o.no = ? and q.status = 'pending'`,
      [no],
    ));
  // the later one waits for the end of this one, and brings what is desired
  const stands = later ? 'superseded' : status;
  const error = code === null ? null : JSON.stringify({ code, message, ...(field === undefined ? {} : { field }) });
  const stored = await touched(
    tx,
    `update syncline.provisioning_order set status = ?, lease_until = null, error = ?::jsonb, calls = calls + ?, transient_failures = ?,
       sent = case when ? then sent end, next_attempt_at = clock_timestamp() + make_interval(secs => ?),
       ended_at = case when ? then clock_timestamp() end,
       attempts = (case when jsonb_array_length(attempts) >= 20 then attempts - 0 else attempts end) || jsonb_build_object(
         'at', clock_timestamp(), 'outcome', ?::text, 'code', ?::text, 'milliseconds', ?::int)
     where no = ? and fence = ?`,
    [
      stands,
      error,
      calls,
      transientFailures,
      status === 'unknown',
      retrySeconds,
      !['pending', 'unknown'].includes(stands),
      status,
      code,
      Math.round(milliseconds),
      no,
      fence,
    ],
  );
  return stored === 1;
}

/** Seconds until the next order of a target is due; null: none waits. */
export async function nextOrderIn(db: Queryable, connector: number): Promise<number | null> {
  const found = await row<{ seconds: number | null }>(
    db,
    `select extract(epoch from min(case when status = 'running' then lease_until else next_attempt_at end) - clock_timestamp())::float as seconds
     from syncline.provisioning_order o where connector = ? and status in ('pending', 'running', 'unknown')
       and ${free}`,
    [connector],
  );
  return found?.seconds ?? null;
}
