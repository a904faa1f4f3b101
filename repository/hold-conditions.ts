import { splitScope, subjectOf, verdictOf } from '../domain/summary/group-of-hold.ts';
import type { Counters, Hold, Operation, ThresholdVerdict, WatchLimit } from '../domain/sync.ts';
import { findEntityType, linkPropertiesAt } from './catalog.ts';
import { findRevision } from './connectors.ts';
import { row, type Queryable } from './database.ts';
import { againConditions } from './revert/undone-again.ts';
import { watchedKeys, watchedTargets, watchedLinkCondition, watchedValueCondition, watchedValues } from './watched.ts';

/** Which changes a hold is about: a type, a kind, an operation or a property that they share, and conditions of their rows. */
interface HoldConditions {
  filter: {
    entityType?: string | undefined;
    kind?: 'resource' | 'link' | undefined;
    operation?: Operation | undefined;
    property?: string | undefined;
  };
  /** `c` is syncline.change for resources, syncline.link_change for links; undefined for a kind of which there are none. */
  rows?: RowConditions;
}

type RowConditions = Record<'resource' | 'link', { sql: string; bindings: (string | string[])[] } | undefined>;

interface HeldSync {
  no: number;
  connector: number;
  configRevision: number;
  counters: Counters;
  thresholds: ThresholdVerdict[];
  holds: Hold[];
}

/**
 * Which changes of a sync one of its holds is about: a filter of proposed changes, and conditions of their rows. A hold that
 * is about no changes, as that of rejected rows, fits none.
 * @param place of the hold in the list of the sync, from 0
 * @returns undefined if it is about no changes
 */
export async function holdConditions(db: Queryable, no: number, place: number): Promise<HoldConditions | undefined> {
  const sync = await row<HeldSync>(
    db,
    `select no, connector, config_revision as "configRevision", counters, thresholds, holds from syncline.sync where no = ?`,
    [no],
  );
  const hold = sync?.holds[place];
  if (!sync || !hold) return undefined;
  if (hold.revert) return conditionsOfRevert(db, no, hold.revert.syncId);
  const types = Object.keys(sync.counters).map((entityType) => ({ entityType }));
  const [entityType, property] = hold.scope === 'connector' ? [] : splitScope(hold.scope, types);
  const scope = { entityType, ...(property === undefined ? {} : { kind: 'link' as const, property }) };
  if (hold.code === 'unreadable-key') return { filter: { operation: 'delete', ...scope } };
  const watch = verdictOf(hold, sync.thresholds)?.watch;
  if (watch && entityType !== undefined)
    return { filter: scope, rows: await conditionsOfWatch(db, sync, entityType, property, watch) };
  const about = subjectOf(hold, sync.thresholds);
  return about && { filter: { ...about, ...scope } };
}

async function conditionsOfRevert(db: Queryable, sync: number, id: string): Promise<HoldConditions | undefined> {
  const revert = await row<{ no: number }>(db, 'select no from syncline.sync where id = ?', [id]);
  if (!revert) return undefined;
  const { resource, link } = againConditions(sync, revert.no);
  return {
    filter: {},
    rows: { resource: { sql: resource, bindings: [] }, link: { sql: link, bindings: [] } },
  };
}

async function conditionsOfWatch(
  db: Queryable,
  { connector, configRevision }: HeldSync,
  entityType: string,
  navigation: string | undefined,
  { property, to, from }: WatchLimit,
): Promise<RowConditions> {
  const nothing = { resource: undefined, link: undefined };
  if (property !== undefined) {
    const revision = await findRevision(db, connector, configRevision);
    const type = revision?.file.entityTypes.find(({ name }) => name === entityType);
    if (!type) return nothing;
    const [sql, bindings] = watchedValueCondition(watchedValues({ property, to, from }, type.properties));
    return { ...nothing, resource: { sql: `(${sql})`, bindings } };
  }
  const type = await findEntityType(db, entityType);
  const properties = type ? await linkPropertiesAt(db, type.id) : [];
  const own = properties.filter((each) => each.entityType === type?.id && each.name === navigation);
  const targets = await watchedTargets(db, own);
  if (targets.length === 0) return nothing;
  const keys = watchedKeys(to, targets);
  return { ...nothing, link: { sql: watchedLinkCondition, bindings: [keys, keys] } };
}
