import { touched, type Queryable } from './database.ts';

/** So long a request may take to decide. Then it has ended, and its claim is free. */
const longestClaim = "interval '30 seconds'";

/**
 * Claims a sync for one request that decides on it: requests that come at once are sent to the workflow one at a time.
 * @param owner a UUID of the one request
 * @returns false if another request has the sync
 */
export async function claimDecision(db: Queryable, sync: number, owner: string): Promise<boolean> {
  const claimed = await touched(
    db,
    `insert into syncline.decision_claim as c (sync, owner, claimed_at) values (?, ?::uuid, clock_timestamp())
     on conflict (sync) do update set owner = excluded.owner, claimed_at = excluded.claimed_at
       where c.claimed_at < clock_timestamp() - ${longestClaim}`,
    [sync, owner],
  );
  return claimed === 1;
}

export async function releaseDecision(db: Queryable, sync: number, owner: string): Promise<void> {
  await db.raw('delete from syncline.decision_claim where sync = ? and owner = ?::uuid', [sync, owner]);
}
