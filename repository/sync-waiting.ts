import type { HoldStage, Retry, Waiting } from '../domain/sync.ts';
import { nowInUtc, row, touched, type Queryable } from './database.ts';

/**
 * What a sync waits for: a decision, its source, or another attempt of a step. The end of the sync clears all of them.
 */

/** A held sync has reminded, or escalated. @returns false if this was recorded already, or the sync is not held */
export async function reachStage(
  db: Queryable,
  no: number,
  stage: HoldStage,
  from: readonly HoldStage[],
): Promise<boolean> {
  const told = await touched(
    db,
    `update syncline.sync set waiting_for = waiting_for || jsonb_build_object('stage', ?::text)
     where no = ? and status = 'held' and coalesce(waiting_for ->> 'stage', 'waiting') = any(?)`,
    [stage, no, [...from]],
  );
  return told === 1;
}

/** The limits of the source make the sync wait. @returns false if this was recorded already */
export async function tellThrottled(
  db: Queryable,
  no: number,
  waiting: Required<Pick<Waiting, 'connection' | 'limit' | 'detail'>>,
): Promise<boolean> {
  const told = await touched(
    db,
    `update syncline.sync
     set waiting_for = jsonb_build_object('reason', 'rate-limit', 'since', ${nowInUtc}) || ?::jsonb
     where no = ? and waiting_for is null and ended_at is null`,
    [JSON.stringify(waiting), no],
  );
  return told === 1;
}

/** The sync continues. @returns the seconds that it waited, or undefined if it did not */
export async function endThrottling(db: Queryable, no: number): Promise<number | undefined> {
  const waited = await row<{ seconds: number }>(
    db,
    `with waiting as (
       select no, extract(epoch from clock_timestamp() - (waiting_for ->> 'since')::timestamptz)::float as seconds
       from syncline.sync where no = ? and waiting_for ->> 'reason' = 'rate-limit' for update
     )
     update syncline.sync s set waiting_for = null from waiting w where s.no = w.no returning w.seconds`,
    [no],
  );
  return waited?.seconds;
}

/** A step failed and will be tried again. @returns the number of the sync, if it has not ended */
export async function tellRetry(db: Queryable, id: string, retry: Retry): Promise<number | undefined> {
  const told = await row<{ no: number }>(
    db,
    'update syncline.sync set retry = ?::jsonb where id = ? and ended_at is null returning no',
    [JSON.stringify(retry), id],
  );
  return told?.no;
}

/** The sync whose step begins again although no failure was recorded: the worker of the earlier attempt ended or hung. */
export async function withUntoldFailure(db: Queryable, id: string): Promise<number | undefined> {
  const untold = await row<{ no: number }>(
    db,
    'select no from syncline.sync where id = ? and retry is null and ended_at is null',
    [id],
  );
  return untold?.no;
}

/** The repeated step has succeeded. */
export async function clearRetry(db: Queryable, id: string): Promise<number | undefined> {
  const cleared = await row<{ no: number }>(
    db,
    'update syncline.sync set retry = null where id = ? and retry is not null returning no',
    [id],
  );
  return cleared?.no;
}
