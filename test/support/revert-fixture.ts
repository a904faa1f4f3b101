import { ensureSharedParts } from '../../repository/change-parts.ts';
import { row, rows } from '../../repository/database.ts';
import { computeDigest } from '../../repository/digest.ts';
import type { RevertInput } from '../../repository/revert/input.ts';
import { diffRevert } from '../../repository/revert/index.ts';
import type { RepositoryFixture, Outcome } from './repository-fixture.ts';

/** Computes the change set that undoes syncs, given in the order in which they were applied; nothing is applied. */
export async function revertDiff(
  r: RepositoryFixture,
  reverts: number[],
  changed: { types?: Partial<RevertInput['types'][number]>; links?: Partial<RevertInput['links'][number]> } = {},
): Promise<Outcome> {
  const created = await row<{ no: number }>(
    r.db,
    `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
       config_revision, workflow_id, reverts, revert_then, revert_reason)
     select gen_random_uuid(), connector, 'complete', 'complete', '{synchronize}', 'running', 'revert', 'normal', 'test', 1,
       'test', (select array_agg(id order by no) from syncline.sync where no = any(?)), 'hold', 'a test'
     from syncline.entity_type where id = ? returning no`,
    [reverts, r.person],
  );
  const sync = created?.no ?? 0;
  const link = { entityType: r.person, entityTypeName: 'hr_Person', target: r.person, keyCount: 1, retired: false };
  const input: RevertInput = {
    sync,
    reverts,
    types: [
      { id: r.person, name: 'hr_Person', keyCount: 1, retired: false, lost: [], ...changed.types },
      { id: r.group, name: 'hr_Group', keyCount: 1, retired: false, lost: [] },
    ],
    links: [
      { ...link, id: r.manager, family: r.manager, name: 'manager', mono: true, ...changed.links },
      {
        ...link,
        id: r.members,
        family: r.members,
        name: 'members',
        entityType: r.group,
        entityTypeName: 'hr_Group',
        mono: false,
      },
    ],
  };
  await ensureSharedParts(r.db, sync);
  return r.db.transaction(
    async (tx) => {
      const result = await diffRevert(tx, input);
      return { sync, result, ...(await computeDigest(tx, sync)) };
    },
    { isolationLevel: 'repeatable read' },
  );
}

export async function revert(...given: Parameters<typeof revertDiff>): Promise<Outcome> {
  const outcome = await revertDiff(...given);
  await given[0].apply(outcome.sync);
  return outcome;
}

/** All that is stored, with ids and flags, what searches see, and the stored figures. */
export async function everything(r: RepositoryFixture): Promise<string[]> {
  const found = await rows<{ line: string }>(
    r.db,
    `select concat_ws(' ', 'resource', entity_type, id, key, attributes, managed) as line from syncline.resource
     union all select concat_ws(' ', 'link', property, source, target) from syncline.link
     union all select concat_ws(' ', 'text', entity_type, key, text) from syncline.resource_text
     union all select concat_ws(' ', 'type', id, stored) from syncline.entity_type
     union all select concat_ws(' ', 'property', id, stored) from syncline.link_property
     order by 1`,
  );
  return found.map(({ line }) => line);
}

/** Warnings of a sync, as `code key property`. */
export async function warnings(r: RepositoryFixture, sync: number): Promise<string[]> {
  const found = await rows<{ line: string }>(
    r.db,
    `select concat_ws(' ', code, array_to_string(key, ','), property) as line from syncline.sync_error
     where sync = ? and effect = 'warning' and code like 'revert-%' order by 1`,
    [sync],
  );
  return found.map(({ line }) => line);
}
