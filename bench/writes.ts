import { setTimeout as sleep } from 'node:timers/promises';
import { query } from './postgres.ts';

/** Rows that Postgres has inserted, updated and deleted in the tables of resources and links. */
export interface Writes {
  resources: { inserted: number; updated: number; deleted: number };
  links: { inserted: number; updated: number; deleted: number };
}

type Kind = keyof Writes;
const kinds = ['resources', 'links'] as const;

/** A backend that is idle gives its counts away ten seconds later at the latest. */
const settling = 11_000;

/** What the server has counted so far, once all of it is there to read. */
export async function readWrites(databaseUrl: string): Promise<Writes> {
  await sleep(settling);
  return query(databaseUrl, async (client) => {
    const { rows } = await client.query<{ kind: Kind; inserted: string; updated: string; deleted: string }>(`
      select case when relname like 'link%' then 'links' else 'resources' end as kind, sum(n_tup_ins) as inserted,
        sum(n_tup_upd) as updated, sum(n_tup_del) as deleted
      from pg_stat_user_tables where schemaname = 'syncline' and relname ~ '^(resource|link)_[0-9]+$' group by 1`);
    const writes: Writes = {
      resources: { inserted: 0, updated: 0, deleted: 0 },
      links: { inserted: 0, updated: 0, deleted: 0 },
    };
    for (const { kind, inserted, updated, deleted } of rows)
      writes[kind] = { inserted: Number(inserted), updated: Number(updated), deleted: Number(deleted) };
    return writes;
  });
}

export function writesBetween(before: Writes, after: Writes): Writes {
  const minus = (kind: Kind) => ({
    inserted: after[kind].inserted - before[kind].inserted,
    updated: after[kind].updated - before[kind].updated,
    deleted: after[kind].deleted - before[kind].deleted,
  });
  return { resources: minus('resources'), links: minus('links') };
}

export const countWrites = (writes: Writes): number =>
  kinds.reduce((sum, kind) => sum + writes[kind].inserted + writes[kind].updated + writes[kind].deleted, 0);
