import { row, touched, type Queryable } from './database.ts';

export interface KeptAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type Claim =
  { kind: 'first' } | { kind: 'mismatch' } | { kind: 'in-progress' } | { kind: 'answered'; answer: KeptAnswer };

/** An owner that has been silent for this long has ended, and its claim is free. */
const abandoned = `status is null and coalesce(alive_at, created_at) < now() - interval '2 minutes'`;
const forgotten = `status is not null and created_at < now() - interval '24 hours'`;

/**
 * Claims a key for a request. The first request with the key gets the claim, and renews it with `keepClaim` while it works.
 * @param owner a UUID of the one request
 */
export async function claimKey(db: Queryable, key: string, requestHash: string, owner: string): Promise<Claim> {
  await db.raw(`delete from syncline.idempotency where (${abandoned}) or (${forgotten})`);
  const first = await touched(
    db,
    `insert into syncline.idempotency (key, request_hash, owner, alive_at) values (?, ?, ?::uuid, now())
     on conflict (key) do nothing`,
    [key, requestHash, owner],
  );
  if (first === 1) return { kind: 'first' };
  const found = await row<{
    requestHash: string;
    status: number | null;
    headers: Record<string, string> | null;
    body: unknown;
  }>(db, 'select request_hash as "requestHash", status, headers, body from syncline.idempotency where key = ?', [key]);
  if (!found) return claimKey(db, key, requestHash, owner);
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

const own = 'key = ? and owner = ?::uuid and status is null';

/** The owner is still working. @returns false if the claim is no longer its own */
export async function keepClaim(db: Queryable, key: string, owner: string): Promise<boolean> {
  return (await touched(db, `update syncline.idempotency set alive_at = now() where ${own}`, [key, owner])) === 1;
}

/** @returns false if the claim is no longer the owner's: another one answers in its place */
export async function keepAnswer(
  db: Queryable,
  key: string,
  owner: string,
  { status, headers, body }: KeptAnswer,
): Promise<boolean> {
  const kept = await touched(
    db,
    `update syncline.idempotency set status = ?, headers = ?::jsonb, body = ?::jsonb where ${own}`,
    [status, JSON.stringify(headers ?? {}), JSON.stringify(body ?? null), key, owner],
  );
  return kept === 1;
}

/** Sets a key free again whose request was not answered. */
export async function forgetKey(db: Queryable, key: string, owner: string): Promise<void> {
  await db.raw(`delete from syncline.idempotency where ${own}`, [key, owner]);
}
