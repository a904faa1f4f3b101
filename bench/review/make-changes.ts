import { connectorFileSchema } from '../../domain/connector-file.ts';
import { activateRevision, entityTypesOf, linkPropertiesOf } from '../../repository/catalog.ts';
import { ensureSharedParts, finishParts, writeChanges } from '../../repository/change-parts.ts';
import { lockConnector, saveRevision } from '../../repository/connectors.ts';
import { allowWork, row, type Database, type Transaction } from '../../repository/database.ts';
import { computeDigest } from '../../repository/digest.ts';

/** A held sync whose change set was written by SQL. */
export interface MadeSync {
  no: number;
  id: string;
  changes: number;
}

interface Ids {
  person: number;
  group: number;
  manager: number;
  members: number;
}

const name = 'bench';

/** The connector of the bench: people with a manager, and groups with members. @returns the ids of its catalog */
export async function makeCatalog(db: Database): Promise<Ids> {
  const connector = await db.transaction(async (tx) => {
    const locked = await lockConnector(tx, name, name);
    await activateRevision(tx, locked.id, await saveRevision(tx, locked, file, 'bench'), file);
    return locked.id;
  });
  const types = await entityTypesOf(db, connector);
  const links = await linkPropertiesOf(db, connector);
  const idOf = (of: readonly { id: number; name: string }[], wanted: string) => {
    const found = of.find((each) => each.name === wanted);
    if (!found) throw new Error(`the catalog has no ${wanted}`);
    return found.id;
  };
  return {
    person: idOf(types, 'Person'),
    group: idOf(types, 'Group'),
    manager: idOf(links, 'manager'),
    members: idOf(links, 'members'),
  };
}

/** Stores so many people, with attributes as directories have them. */
export async function storePeople(db: Database, { person }: Ids, people: number): Promise<void> {
  await db.raw(
    `insert into syncline.resource (id, entity_type, key, attributes)
     select n, ?, 'E' || lpad(n::text, 7, '0'), ${attributes('n')} from generate_series(1, ?::int) n`,
    [person, people],
  );
  await db.raw('update syncline.entity_type set stored = ? where id = ?', [people, person]);
  await db.raw(`select setval('syncline.resource_id', ?)`, [3 * people]);
}

/** Half of the changes are updates of resources, nearly half are of links, and the rest are inserts and deletes. */
export async function makeMixed(db: Database, ids: Ids, people: number): Promise<MadeSync> {
  const share = (part: number) => Math.floor(people * part);
  return makeSync(db, 2 * people, async (tx, no) => {
    const changes = (columns: string, select: string) =>
      writeChanges(tx, { kind: 'change', sync: no, expected: people, columns, select });
    const links = (columns: string, select: string) =>
      writeChanges(tx, { kind: 'link_change', sync: no, expected: people, columns, select });
    await changes(
      'entity_type, operation, resource, key, after',
      `select ${String(ids.person)}, 'i', n, 'F' || lpad(n::text, 7, '0'), ${attributes('n')} || jsonb_build_object('employeeId', 'F' || n)
       from generate_series(${String(share(0.02) + 1)}, ${String(share(0.06))}) n`,
    );
    await changes(
      'entity_type, operation, resource, key, before, after, before_hash',
      `select ${String(ids.person)}, 'u', n, 'E' || lpad(n::text, 7, '0'), b, a, 0 from (${updates(share(0.04) + 1, people)}) u`,
    );
    await changes(
      'entity_type, operation, resource, key, before, before_hash',
      `select ${String(ids.person)}, 'd', n, 'E' || lpad(n::text, 7, '0'), ${attributes('n')}, 0
       from generate_series(1, ${String(share(0.04))}) n`,
    );
    const member = (operation: string, from: number, to: number) =>
      links(
        'property, operation, source, target, source_key, target_key',
        `select ${String(ids.members)}, '${operation}', ${String(4 * people)} + n % 2000, n, 'G' || n % 2000, 'E' || lpad(n::text, 7, '0')
         from generate_series(${String(from)}, ${String(to)}) n`,
      );
    await member('i', 1, share(0.5));
    await links(
      'property, operation, source, target, source_key, target_key, before_target, before_target_key',
      `select ${String(ids.manager)}, 'u', n, 1 + n % 30, 'E' || lpad(n::text, 7, '0'), 'E' || lpad((1 + n % 30)::text, 7, '0'), 7, 'E0000007'
       from generate_series(1, ${String(share(0.02))}) n`,
    );
    await member('d', share(0.5) + 1, share(0.94));
  });
}

/** The worst case for the summary: every change is an update of a resource. */
export async function makeUpdates(db: Database, ids: Ids, people: number): Promise<MadeSync> {
  return makeSync(db, 2 * people, async (tx, no) => {
    for (const half of [1, 2])
      await writeChanges(tx, {
        kind: 'change',
        sync: no,
        expected: people,
        columns: 'entity_type, operation, resource, key, before, after, before_hash',
        select: `select ${String(ids.person)}, 'u', n, 'E' || lpad((n * ${String(half)})::text, 7, '0'), b, a, 0
          from (${updates(1, people)}) u`,
      });
  });
}

async function makeSync(
  db: Database,
  expected: number,
  write: (tx: Transaction, no: number) => Promise<void>,
): Promise<MadeSync> {
  const created = await row<{ no: number; id: string }>(
    db,
    `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
       config_revision, workflow_id)
     select gen_random_uuid(), c.id, 'complete', 'complete', '{export,prepare,synchronize}', 'held', 'manual', 'normal', 'bench', 1,
       'bench' from syncline.connector c where c.name = ? returning no, id`,
    [name],
  );
  if (!created) throw new Error('the sync was not created');
  await ensureSharedParts(db, created.no);
  const changes = await db.transaction(async (tx) => {
    await allowWork(tx);
    await write(tx, created.no);
    await finishParts(tx, created.no);
    const { digest, changes: count, sums } = await computeDigest(tx, created.no);
    await tx.raw('update syncline.sync set digest = ?, digest_sums = ?::jsonb, change_count = ? where no = ?', [
      digest,
      JSON.stringify(sums),
      count,
      created.no,
    ]);
    return count;
  });
  if (changes < 0.98 * expected) throw new Error(`only ${String(changes)} changes were made`);
  return { ...created, changes };
}

const attributes = (n: string) => `jsonb_build_object('employeeId', 'E' || lpad(${n}::text, 7, '0'),
  'displayName', 'Person ' || ${n}, 'mail', 'person.' || ${n} || '@example.org', 'department', 'D' || ${n} % 40,
  'status', (array['active', 'leave', 'terminated'])[1 + ${n} % 3], 'startDate', ('2000-01-01'::date + ${n} % 9000)::text)`;

/** Nine in ten change their date, each tenth the status and each twentieth loses its department. */
const updates = (from: number, to: number) => `
  select n, jsonb_strip_nulls(jsonb_build_object(
      'startDate', case when n % 10 <> 1 then ('2000-01-01'::date + n % 9000)::text end,
      'status', case when n % 10 <= 1 then (array['active', 'leave', 'terminated'])[1 + n % 3] end,
      'department', case when n % 20 = 1 then 'D' || n % 40 end)) as b,
    jsonb_strip_nulls(jsonb_build_object(
      'startDate', case when n % 10 <> 1 then ('2000-01-01'::date + n % 7000)::text || 'T00' end,
      'status', case when n % 10 <= 1 then (array['leave', 'active'])[1 + n % 2] || 'd' end))
      || case when n % 20 = 1 then '{"department": null}' else '{}' end::jsonb as a
  from generate_series(${String(from)}, ${String(to)}) n`;

const file = connectorFileSchema.parse({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name,
  connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
  entityTypes: [
    {
      name: 'Person',
      source: { connection: 'files', table: 'people.csv' },
      key: ['employeeId'],
      label: 'displayName',
      properties: Object.fromEntries(
        ['employeeId', 'displayName', 'mail', 'department', 'status', 'startDate'].map((column) => [
          column,
          { column },
        ]),
      ),
      navigationProperties: { manager: { to: 'Person', column: 'manager' } },
    },
    {
      name: 'Group',
      source: { connection: 'files', table: 'groups.csv' },
      key: ['id'],
      properties: { id: { column: 'id' } },
      navigationProperties: {
        members: {
          to: 'Person',
          table: 'members.csv',
          sourceColumn: 'group',
          targetColumn: 'person',
          multiValued: true,
        },
      },
    },
  ],
});
