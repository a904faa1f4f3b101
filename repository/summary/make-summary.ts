import type { SummaryBody } from '../../domain/summary/body.ts';
import { makeGroups, sixCounts, type CountedCell, type CountedProperty, groupId } from '../../domain/summary/groups.ts';
import { usualOf } from '../../domain/summary/usual.ts';
import type { Counters, Operation, SyncMode } from '../../domain/sync.ts';
import type { Explained } from '../causes/explained.ts';
import { countCells, hasSpans, manyChanges, storeSpans, type Cell } from '../changes/spans.ts';
import { listEntityTypes, listLinkProperties, type EntityTypeRow, type LinkPropertyRow } from '../catalog.ts';
import { row, type Transaction } from '../database.ts';
import { usualCounters } from './earlier.ts';
import { countCarried, type CarriedProperty } from './carried-properties.ts';
import { causesOf } from './group-causes.ts';
import { countProperties, type PropertyCount } from './property-counts.ts';
import { findRekeyed } from './rekeyed.ts';

interface Summarised {
  no: number;
  connector: number;
  mode: SyncMode;
  digest: string;
  changeCount: number;
  counters: Counters;
  explained: Record<string, Explained[]> | null;
}

const words: Record<Cell['operation'], Operation> = { i: 'insert', u: 'update', d: 'delete' };

/**
 * Computes what a reviewer gets of a change set, and stores it with the spans of its groups. The change set is complete: it
 * has a digest. 2,000,000 changes take 3 to 5 s on two cores (bench/results/review.md); those of a held sync, and of a
 * change set of this size, are made with the changes.
 */
export async function makeSummary(tx: Transaction, sync: number): Promise<void> {
  const of = await row<Summarised>(
    tx,
    `select no, connector, mode, digest, coalesce(change_count, 0) as "changeCount", counters, cause_rows as explained
     from syncline.sync where no = ?`,
    [sync],
  );
  if (!of) throw new Error('there is no sync to summarise');
  const catalog = { types: await listEntityTypes(tx), links: await listLinkProperties(tx) };
  const cells = await countCells(tx, sync);
  const counted = await countProperties(tx, sync);
  const proposed = cells.filter((cell) => cell.proposed).map((cell) => nameCell(cell, catalog));
  const carried = await countCarried(tx, sync, cells);
  const properties = [...counted.map(asUpdates), ...carried.map(asCarried)];
  const named = properties.map((each) => nameProperty(each, catalog));
  const total = proposed.reduce((sum, { lines }) => sum + lines, 0);
  const { groups, groupsOmitted } = makeGroups(of.digest, total, proposed, named, (group) => {
    const type = catalog.types.find(({ name }) => name === group.entityType);
    return type ? causesOf({ ...group, type: type.id }, of.explained ?? {}, catalog.links) : [];
  });
  const body: SummaryBody = {
    total,
    counts: sixCounts(proposed),
    groups,
    groupsOmitted,
    rekeyed: await findRekeyed(tx, sync, exchangedOf(cells, catalog.types)),
    usual: usualOf(await usualCounters(tx, of), of.counters),
  };
  await tx.raw('insert into syncline.summary (sync, body) values (?, ?::jsonb) on conflict (sync) do nothing', [
    sync,
    JSON.stringify(body),
  ]);
  if (of.changeCount > manyChanges) {
    if (!(await hasSpans(tx, sync))) for (const cell of cells) await storeSpans(tx, sync, cell);
    await storeGroupSpans(tx, of, properties, named, new Set(groups.map(({ id }) => id)));
  }
}

interface Catalog {
  types: readonly EntityTypeRow[];
  links: readonly LinkPropertyRow[];
}

function nameCell({ kind, scope, operation, lines }: Cell, catalog: Catalog): CountedCell {
  return { ...nameScope(kind, scope, catalog), operation: words[operation], lines };
}

function nameScope(
  kind: Cell['kind'],
  scope: number,
  { types, links }: Catalog,
): Pick<CountedCell, 'kind' | 'entityType' | 'property'> {
  if (kind === 'resource')
    return { kind, entityType: types.find(({ id }) => id === scope)?.name ?? '', property: null };
  const link = links.find(({ id }) => id === scope);
  return { kind, entityType: link?.entityTypeName ?? '', property: link?.name ?? '' };
}

/** What was counted of a property: of updates that change it, or of resources that come or go with it. */
type Counted = PropertyCount & { operation: Cell['operation'] };

const asUpdates = (counted: PropertyCount): Counted => ({ ...counted, operation: 'u' });

const asCarried = (counted: CarriedProperty): Counted => ({
  ...counted,
  kind: 'resource',
  becameNull: 0,
  transitions: [],
});

function nameProperty(
  { kind, scope, operation, property, lines, becameNull, transitions }: Counted,
  catalog: Catalog,
): CountedProperty {
  const named = nameScope(kind, scope, catalog);
  return {
    kind,
    entityType: named.entityType,
    operation: words[operation],
    property: property ?? named.property ?? '',
    lines,
    becameNull,
    transitions,
  };
}

function exchangedOf(cells: readonly Cell[], types: readonly EntityTypeRow[]) {
  return types.map((type) => {
    const of = (operation: Cell['operation']) =>
      cells.find(
        (cell) => cell.kind === 'resource' && cell.scope === type.id && cell.operation === operation && cell.proposed,
      )?.lines ?? 0;
    return { type, deleted: of('d'), inserted: of('i') };
  });
}

/** Groups of a property of resources, and transitions, have rows that no span of a cell counts. */
async function storeGroupSpans(
  tx: Transaction,
  { no, digest }: Summarised,
  counted: readonly Counted[],
  named: readonly CountedProperty[],
  kept: ReadonlySet<string>,
): Promise<void> {
  for (const [i, { kind, scope, operation, spans, transitions }] of counted.entries()) {
    const name = named[i];
    if (!name) continue;
    const about = { entityType: name.entityType, kind, operation: words[operation], property: name.property };
    const owner = { kind, scope, operation, proposed: true };
    const whole = groupId(digest, { ...about, transition: null });
    if (kind === 'resource' && kept.has(whole)) await storeSpans(tx, no, { ...owner, spans }, whole);
    for (const { from, to, spans: own } of transitions) {
      const id = groupId(digest, { ...about, transition: { property: name.property, from, to } });
      if (kept.has(id)) await storeSpans(tx, no, { ...owner, spans: own }, id);
    }
  }
}
