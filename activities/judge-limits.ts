import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import { own } from '../domain/chosen-names.ts';
import { changeCountsOf } from '../domain/change-counts.ts';
import { nameOf } from '../domain/people.ts';
import type { Counters, EntityCounters } from '../domain/sync.ts';
import { evaluateThresholds, type Judged } from '../domain/thresholds/evaluate.ts';
import type { LinkWatchFile } from '../domain/thresholds/file-schema.ts';
import type { WatchCount } from '../domain/thresholds/watches.ts';
import { findEntityType, linkPropertiesAt, type EntityTypeRow, type LinkPropertyRow } from '../repository/catalog.ts';
import type { Transaction } from '../repository/database.ts';
import { updateSync, type SyncRow } from '../repository/syncs.ts';
import {
  countWatchedLinks,
  countWatchedValues,
  watchedKeys,
  watchedTargets,
  watchedValues,
} from '../repository/watched.ts';
import { deletedInWindows } from '../repository/windows.ts';
import type { FoundChanges } from './found-changes.ts';
import { othersOf, storedOf } from './verdicts.ts';

/**
 * Judges the change set of a sync by every limit that is present: those of its connector, and what entity types of other
 * connectors say of links that they lose. Reads no change rows unless something is watched.
 */
export async function judgeLimits(
  tx: Transaction,
  sync: SyncRow,
  file: ConnectorFile,
  found: FoundChanges,
): Promise<Judged> {
  const others = await othersOf(tx, sync.connector, found.counters);
  return evaluateThresholds({
    ...found,
    file,
    stored: await storedOf(tx, sync.connector, found.retired === true),
    others,
    deleted: await deletedInWindows(tx, sync.connector),
    overrides: sync.overrides,
    watched: await countWatched(tx, sync.no, [...file.entityTypes, ...others], found.counters),
  });
}

/** Records that the overrides of a sync, and nobody who looked at its changes, let it through. */
export async function recordOverride(
  tx: Transaction,
  { no, overrides, syncedBy }: SyncRow,
  digest: string,
  counters: Counters,
): Promise<void> {
  await updateSync(tx, no, {
    decision: {
      action: 'override',
      by: syncedBy,
      byName: nameOf(syncedBy),
      at: new Date().toISOString(),
      reason: overrides?.reason ?? null,
      digest,
      draftId: null,
      counts: changeCountsOf(counters),
    },
  });
}

/** What the change set does of all that is watched. Nothing is watched while nothing is stored of the entity type. */
async function countWatched(
  tx: Transaction,
  sync: number,
  types: readonly EntityTypeFile[],
  counters: Counters,
): Promise<WatchCount[]> {
  const counted: WatchCount[] = [];
  for (const type of types) {
    const of = own(counters, type.name);
    const links = Object.entries(type.navigationProperties).filter(([, navigation]) => navigation.watch !== undefined);
    if (!of || of.stored === 0 || (type.watch === undefined && links.length === 0)) continue;
    const row = await findEntityType(tx, type.name);
    if (!row) continue;
    counted.push(...(await countValues(tx, sync, type, row, of)));
    const properties = await linkPropertiesAt(tx, row.id);
    for (const [name, { watch = [] }] of links)
      counted.push(
        ...(await countLinks(tx, sync, {
          watch,
          scope: `${type.name}.${name}`,
          stored: own(of.links, name)?.stored,
          properties: properties.filter((property) => property.entityType === row.id && property.name === name),
        })),
      );
  }
  return counted;
}

async function countValues(
  tx: Transaction,
  sync: number,
  { name, watch = [], properties }: EntityTypeFile,
  row: EntityTypeRow,
  { stored }: EntityCounters,
): Promise<WatchCount[]> {
  if (watch.length === 0) return [];
  const counts = await countWatchedValues(
    tx,
    sync,
    row.id,
    watch.map((each) => watchedValues(each, properties)),
  );
  return watch.map((each, i) => ({ scope: name, stored, watch: each, actual: counts[i] ?? 0 }));
}

async function countLinks(
  tx: Transaction,
  sync: number,
  of: {
    watch: readonly LinkWatchFile[];
    scope: string;
    /** undefined: the sync has nothing to do with the property. */
    stored: number | undefined;
    /** One for each entity type that the property leads or led to. */
    properties: readonly LinkPropertyRow[];
  },
): Promise<WatchCount[]> {
  const { watch, scope, stored, properties } = of;
  if (stored === undefined || watch.length === 0) return [];
  const targets = await watchedTargets(tx, properties);
  if (targets.length === 0) return [];
  const ids = properties.map(({ id }) => id);
  const keys = watch.map(({ to }) => watchedKeys(to, targets));
  const counts = await countWatchedLinks(tx, sync, ids, keys);
  return watch.map((each, i) => ({ scope, stored, watch: each, actual: counts[i] ?? 0 }));
}
