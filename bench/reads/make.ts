import { join } from 'node:path';
import { connectorFile, typesOf } from '../connector.ts';
import { generate } from '../generate.ts';
import { placeSnapshot } from '../place.ts';
import { query } from '../postgres.ts';
import type { Product } from '../product.ts';
import type { Shape } from '../sizes.ts';

export interface Wanted {
  users: number;
  connectors: number;
  readers: number;
  files: number;
}

/** What is read: an entity type with many resources, and many connectors beside it. */
export interface World {
  /** Name of the entity type. */
  users: string;
  /** Its partition, its view and the columns of the view. */
  table: string;
  view: string;
  /** How many resources it has. */
  rows: number;
  connectors: number;
  /** Places the second snapshot, of which 1 % is changed, and starts a sync of it. @returns its id */
  startSync: () => Promise<string>;
}

const connector = 'bench';
/** Properties of the users that have an index. */
export const indexed = ['department', 'lastName', 'badgeNumber'] as const;
const syncsOfEach = 200;

function withIndexes(file: ReturnType<typeof connectorFile>) {
  const indexedIn = (properties: object) =>
    Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        indexed.some((each) => each === name) ? { ...property, indexed: true } : property,
      ]),
    );
  const isUsers = ({ name }: { name: string }) => name === typesOf(connector).users;
  const entityTypes = file.entityTypes.map((type) =>
    isUsers(type) ? { ...type, properties: indexedIn(type.properties) } : type,
  );
  return { ...file, entityTypes };
}

/** Loads the users by a sync, as a user would, and writes the other connectors' histories by SQL. */
export async function makeWorld(
  product: Product,
  { users, connectors }: Wanted,
  scratch: string,
  say: (text: string) => void,
): Promise<World> {
  const { api, files } = product;
  const shape: Shape = { users, groups: users / 10, orgUnits: users / 100, membershipsPerUser: 1 };
  const before = await generate(shape, 'before', 0, join(scratch, 'before'));
  const after = await generate(shape, 'after', 0, join(scratch, 'after'));
  await placeSnapshot(before.folder, files, connector);
  await api.putConnector(withIndexes(connectorFile(connector)));
  const held = await api.settled((await api.startSync(connector, 'complete')).id);
  await api.resume(held);
  const sync = await api.settled(held.id, ['held', 'running']);
  if (sync.status !== 'completed') throw new Error(`the first sync ended ${sync.status}`);
  say(`loaded ${String(before.rows.users)} users`);
  for (let n = 1; n < connectors; n++) await api.putConnector(smallConnector(n));
  for (const name of ['nightly', 'weekly', 'hourly'])
    await api.call('PUT', `/v1/jobs/${name}`, {
      mode: name === 'hourly' ? 'incremental' : 'complete',
      connectors: ['*'],
      cron: '0 3 1 1 *',
    });
  await query(product.databaseUrl, (client) => client.query(histories, [syncsOfEach]));
  say(`made ${String(connectors)} connectors with ${String(syncsOfEach)} syncs each`);
  const name = typesOf(connector).users;
  const type = await query(product.databaseUrl, async (client) => {
    const found = await client.query<{ id: number; view: string }>(
      'select id, view_name as view from syncline.entity_type where name = $1',
      [name],
    );
    if (!found.rows[0]) throw new Error('the catalog has no users');
    return found.rows[0];
  });
  return {
    users: name,
    table: `syncline.resource_${String(type.id)}`,
    view: `syncline_views.${type.view}`,
    rows: before.rows.users,
    connectors,
    async startSync() {
      await placeSnapshot(after.folder, files, connector);
      return (await api.startSync(connector, 'complete')).id;
    },
  };
}

/** Every other one is polled; each has two entity types. */
const smallConnector = (n: number) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: `small-${String(n).padStart(3, '0')}`,
  connections: [
    {
      name: 'files',
      package: 'csv',
      settings: { directory: `small-${String(n)}`, delta: { directory: `small-${String(n)}-d`, commandColumn: 'c' } },
    },
  ],
  entityTypes: ['A', 'B'].map((each) => ({
    name: `Small${String(n)}_${each}`,
    source: { connection: 'files', table: `${each}.csv` },
    key: ['id'],
    properties: { id: { column: 'id' }, name: { column: 'name' } },
  })),
});

/** So many syncs of each small connector: one in ten failed, and the last one was applied. */
const histories = `
  with made as (
    insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, applied, trigger, priority, synced_by, job,
      config_revision, workflow_id, created_at, started_at, ended_at, applied_at, error)
    select gen_random_uuid(), c.id, m.mode, m.mode, '{export,prepare,synchronize,apply}',
      case when failed then 'failed' else 'completed' end, not failed, 'scheduled', 'normal', 'job:nightly', 'nightly', 1, 'bench',
      at, at, at + interval '20 seconds', case when not failed then at + interval '20 seconds' end,
      case when failed then '{"code": "missing-file", "message": "There is no file."}'::jsonb end
    from syncline.connector c cross join generate_series(1, $1::int) n
      cross join lateral (select n % 10 = 3 as failed, case when n % 2 = 0 then 'complete' else 'incremental' end as mode,
        now() - ($1::int - n) * interval '1 hour' - interval '1 minute' as at) m
    where c.name like 'small-%'
    returning no, connector, mode, applied
  ), last as (
    select connector, max(no) filter (where applied) as last, max(no) filter (where applied and mode = 'complete') as complete
    from made group by 1
  )
  insert into syncline.entity_type_sync (entity_type, last_sync, complete_sync)
  select t.id, last, complete from syncline.entity_type t join last using (connector)`;
