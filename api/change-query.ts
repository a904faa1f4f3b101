import { z } from 'zod';
import { keyText } from '../domain/key.ts';
import { changeStates } from '../domain/sync.ts';
import { readChangeId, type ChangeFilter } from '../repository/change-filter.ts';
import type { Queryable } from '../repository/database.ts';
import { findGroup } from '../repository/summary/group.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { keyFilter } from './key-filter.ts';
import { invalid } from './problems.ts';
import { operationSchema } from './schemas/words.ts';

const idsAtMost = 500;

/** The parameters that choose changes of a sync. */
export const changeQuery = {
  entityType: z.string().optional().describe('For links: the entity type from which they lead'),
  kind: z.enum(['resource', 'link']).optional(),
  property: z.string().optional().describe('A property that changes; of a link, its navigation property'),
  operation: operationSchema.optional(),
  key: z.string().optional().describe('As in a path, or a JSON array of strings'),
  keyPrefix: z.string().max(1_000).optional().describe('What the key begins with; needs entityType'),
  id: z
    .union([z.string(), z.array(z.string()).max(idsAtMost)])
    .optional()
    .describe('Ids of changes; may be given several times'),
  state: z.enum(changeStates).optional(),
  cause: z.string().optional().describe('Id of a cause of the sync: the changes that it explains'),
  group: z.string().optional().describe('Id of a group of the summary'),
  hold: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Place of a hold in `holds` of the sync, from 0: the changes that it is about'),
};

export type ChangeQuery = { [Name in keyof typeof changeQuery]: z.output<(typeof changeQuery)[Name]> };

/** @throws Problem 422 if a part makes no sense, or names what the sync does not have */
export async function toChangeFilter(db: Queryable, sync: SyncView, query: ChangeQuery): Promise<ChangeFilter> {
  const { key, id, ...filter } = query;
  if (filter.keyPrefix !== undefined && filter.entityType === undefined)
    throw invalid('/keyPrefix', 'keyPrefix needs entityType.');
  const ids = id === undefined ? undefined : [id].flat();
  const wrong = ids?.find((each) => readChangeId(each) === undefined);
  if (wrong !== undefined) throw invalid('/id', `${wrong} is no id of a change: an id is r or l and a number.`);
  if (filter.cause !== undefined && !sync.causes.some((cause) => cause.id === filter.cause))
    throw invalid('/cause', `The sync has no cause ${filter.cause}.`);
  if (filter.group !== undefined && !(await findGroup(db, sync.no, filter.group)))
    throw invalid(
      '/group',
      `The summary of the sync has no group ${filter.group}. GET /v1/syncs/${sync.id}/summary lists them.`,
    );
  if (filter.hold !== undefined && filter.hold >= sync.holds.length)
    throw invalid('/hold', `The sync has ${String(sync.holds.length)} holds. Their places begin with 0.`);
  const wanted = await keyFilter(db, filter.entityType, key);
  return { ...filter, ids, keys: wanted && [keyText(wanted)] };
}
