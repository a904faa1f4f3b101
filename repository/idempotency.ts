import { row, touched, type Queryable } from './database.ts';

export interface KeptAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type Claim =
  { kind: 'first' } | { kind: 'mismatch' } | { kind: 'in-progress' } | { kind: 'answered'; answer: KeptAnswer };

/** Claims a key for a request; the first to come answers it. One whose answer never came is free after two minutes. */
export async function claimKey(db: Queryable, key: string, requestHash: string): Promise<Claim> {
  await db.raw(
    `delete from syncline.idempotency where created_at < now() - interval '24 hours'
       or (status is null and created_at < now() - interval '2 minutes')`,
  );
  const first = await touched(
    db,
    'insert into syncline.idempotency (key, request_hash) values (?, ?) on conflict (key) do nothing',
    [key, requestHash],
  );
  if (first === 1) return { kind: 'first' };
  const found = await row<{
    requestHash: string;
    status: number | null;
    headers: Record<string, string> | null;
    body: unknown;
  }>(db, 'select request_hash as "requestHash", status, headers, body from syncline.idempotency where key = ?', [key]);
  if (!found) return claimKey(db, key, requestHash);
  if (found.requestHash !== requestHash) return { kind: 'mismatch' };
  if (found.status === null) return { kind: 'in-progress' };
  return {
    kind: 'answered',
    answer: {
      status: found.status,
      headers: found.headers ?? {},
      ...(found.body === null ? {} : { body: found.body }),
    },
  };
}

export async function keepAnswer(db: Queryable, key: string, { status, headers, body }: KeptAnswer): Promise<void> {
  await db.raw('update syncline.idempotency set status = ?, headers = ?::jsonb, body = ?::jsonb where key = ?', [
    status,
    JSON.stringify(headers ?? {}),
    JSON.stringify(body ?? null),
    key,
  ]);
}

export async function forgetKey(db: Queryable, key: string): Promise<void> {
  await db.raw('delete from syncline.idempotency where key = ?', [key]);
}
