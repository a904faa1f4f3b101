import { row, type Queryable } from '../database.ts';

export interface Pause {
  by: string;
  at: string;
  reason: string;
}

export const pauseOf = (db: Queryable, connector: number): Promise<Pause | undefined> =>
  row(
    db,
    `select paused_by as by, paused_at as at, pause_reason as reason from syncline.connector where id = ? and paused_at is not null`,
    [connector],
  );

/** Orders that are being sent end; nothing more is sent. */
export async function pause(db: Queryable, connector: number, by: string, reason: string): Promise<void> {
  await db.raw(
    `update syncline.connector set paused_by = ?, paused_at = coalesce(paused_at, now()), pause_reason = ? where id = ?`,
    [by, reason, connector],
  );
}

export async function unpause(db: Queryable, connector: number): Promise<void> {
  await db.raw('update syncline.connector set paused_by = null, paused_at = null, pause_reason = null where id = ?', [
    connector,
  ]);
}
