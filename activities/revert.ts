import type { ConnectorFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { isLinkLost, isTypeLost, lostProperties } from '../domain/lost-since.ts';
import { linkPropertiesAt, targetTypes, type LinkPropertyRow } from '../repository/catalog.ts';
import { noCauses } from '../repository/causes/index.ts';
import type { Queryable, Transaction } from '../repository/database.ts';
import type { DiffResult } from '../repository/diff.ts';
import { diffRevert } from '../repository/revert/index.ts';
import type { RevertInput, RevertType } from '../repository/revert/input.ts';
import { requireFewRefusals } from '../repository/revert/refuse.ts';
import { filesOf, undoneSyncs } from '../repository/revert/undone.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { FoundChanges } from './found-changes.ts';
import type { Catalog } from './plan-diff.ts';
import { countersOf, storedElsewhere } from './verdicts.ts';

/**
 * Change set that undoes earlier syncs. Limits apply as always.
 * @throws SyncError `changes-removed` if what a sync changed is no longer kept, `too-many-refusals` if more would be refused
 * than is remembered
 */
export async function revertChanges(
  tx: Transaction,
  sync: SyncRow,
  file: ConnectorFile,
  catalog: Catalog,
): Promise<FoundChanges> {
  const undone = await undoneSyncs(tx, sync.reverts);
  if (undone.length < sync.reverts.length || undone.some((each) => each.changesRemoved || !each.applied))
    throw new SyncError(
      'changes-removed',
      'The changes of a sync that is to be undone are no longer kept. Start a revert of newer syncs.',
    );
  const links = await linksAt(tx, catalog);
  const input = await inputOf(tx, sync, file, catalog, links);
  const result = await diffRevert(tx, { ...input, reverts: undone.map(({ no }) => no) });
  if (sync.revertThen === 'refuse') await requireFewRefusals(tx, sync.no);
  leaveOutUntouched(result, catalog);
  return {
    counters: countersOf(
      result,
      null,
      new Map(catalog.types.map((type) => [type.id, type.name])),
      links,
      await storedElsewhere(tx, links, result),
    ),
    ...(catalog.types.some((type) => type.retired && result.types.has(type.id)) ? { retired: true } : {}),
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

async function linksAt(tx: Queryable, { types }: Catalog): Promise<Map<number, LinkPropertyRow>> {
  const links = new Map<number, LinkPropertyRow>();
  for (const type of types) for (const link of await linkPropertiesAt(tx, type.id)) links.set(link.id, link);
  return links;
}

async function inputOf(
  tx: Queryable,
  sync: SyncRow,
  file: ConnectorFile,
  catalog: Catalog,
  links: ReadonlyMap<number, LinkPropertyRow>,
): Promise<Omit<RevertInput, 'reverts'>> {
  const earlier = await filesOf(tx, sync.reverts);
  const targets = await targetTypes(tx);
  const types = catalog.types.map((type): RevertType => ({
    id: type.id,
    name: type.name,
    keyCount: type.keyProperties.length,
    retired: isTypeLost(earlier, file, type.name),
    lost: lostProperties(earlier, file, type.name),
  }));
  const lost = new Set(types.filter(({ retired }) => retired).map(({ id }) => id));
  const own = new Set(types.map(({ id }) => id));
  return {
    sync: sync.no,
    types,
    links: [...links.values()].map((link) => ({
      id: link.id,
      family: familyOf(link, links),
      name: link.name,
      entityType: link.entityType,
      entityTypeName: link.entityTypeName,
      keyCount: targets.get(link.entityTypeName)?.key.length ?? 1,
      target: link.target,
      mono: !link.multiValued,
      retired:
        lost.has(link.entityType) ||
        lost.has(link.target) ||
        // the earlier revisions of other connectors are not known
        (own.has(link.entityType) ? isLinkLost(earlier, file, link) : link.retired),
    })),
  };
}

/** What tells the rows of a navigation property from those of others: one that is retired stands for itself. */
function familyOf(link: LinkPropertyRow, links: ReadonlyMap<number, LinkPropertyRow>): number {
  if (link.retired) return link.id;
  const same = [...links.values()].filter(
    ({ entityType, name, retired }) => !retired && entityType === link.entityType && name === link.name,
  );
  return Math.min(...same.map(({ id }) => id));
}

/** Retired entity types count only where something of them is undone, as after the revert of a purge. */
function leaveOutUntouched(result: DiffResult, { types }: Catalog): void {
  for (const { id, retired } of types) {
    const found = result.types.get(id);
    if (retired && found && found.inserted + found.updated + found.deleted === 0) result.types.delete(id);
  }
}
