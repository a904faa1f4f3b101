import type { Transaction } from '../repository/database.ts';
import { noCauses } from '../repository/causes/index.ts';
import { linkPropertiesAt } from '../repository/catalog.ts';
import { diffPurge } from '../repository/diff.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { Catalog } from './plan-diff.ts';
import type { FoundChanges } from './found-changes.ts';
import { countersOf } from './verdicts.ts';

/**
 * Change set that removes what revisions have retired: entity types, properties, link properties. Limits apply as always.
 */
export async function purgeChanges(tx: Transaction, sync: SyncRow, catalog: Catalog): Promise<FoundChanges> {
  const retired = catalog.types.filter((type) => type.retired);
  const links = new Map(catalog.links.filter((link) => link.retired).map((link) => [link.id, link]));
  for (const type of retired) for (const link of await linkPropertiesAt(tx, type.id)) links.set(link.id, link);
  const result = await diffPurge(tx, {
    sync: sync.no,
    types: retired.map((type) => type.id),
    properties: catalog.types
      .filter((type) => !type.retired)
      .map((type) => ({
        type: type.id,
        names: type.properties.filter((property) => property.retired).map((property) => property.name),
      }))
      .filter(({ names }) => names.length > 0),
    links: [...links.values()],
  });
  return {
    counters: countersOf(result, null, new Map(catalog.types.map((type) => [type.id, type.name])), links),
    retired: true,
    rowsRead: 0,
    rowsRejected: 0,
    zeroRows: [],
    unreadableKeys: [],
    changedFilters: [],
    compared: { types: [], links: [] },
    deletesWithheld: 0,
    overtaken: 0,
    findCauses: () => Promise.resolve(noCauses),
  };
}
