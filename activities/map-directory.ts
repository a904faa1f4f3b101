import { amount } from '../domain/amount.ts';
import { own } from '../domain/chosen-names.ts';
import { targetsOf, type ConnectorFile } from '../domain/connector-file.ts';
import { joinTypeName, withJoinTypes } from '../domain/directory/join-types.ts';
import { split } from '../domain/directory/check-mappings.ts';
import { compileSourceMapping, type SourceMapper } from '../domain/directory/map-source.ts';
import { newKey } from '../domain/directory/new-key.ts';
import { SyncError } from '../domain/errors.ts';
import { keyParts } from '../domain/key.ts';
import { reached } from '../domain/marked-points.ts';
import { taskOf } from '../domain/task-results.ts';
import { entityTypesOf, linkPropertiesOf, listEntityTypes, listLinkProperties } from '../repository/catalog.ts';
import { CopyWriter, finishCopies, withCopies } from '../repository/copy.ts';
import type { Queryable } from '../repository/database.ts';
import { findJoins, findLinks, findTouched } from '../repository/directory/match.ts';
import { stageLifecycle } from '../repository/directory/lifecycle.ts';
import { stageJoins, stageMerged, undecided } from '../repository/directory/merge.ts';
import { appliedRules, rulesInUse, type RulesInUse } from '../repository/directory/rules.ts';
import {
  addGone,
  beginRun,
  pageRows,
  readOthers,
  readSources,
  sourceColumns,
  sourceTable,
  type MapLink,
  type MapRule,
  type MapRun,
  type SourceRow,
} from '../repository/directory/run.ts';
import { stageValues } from '../repository/directory/unjoined.ts';
import { resolveDeltas } from '../repository/resolve-deltas.ts';
import { clearErrors } from '../repository/row-errors.ts';
import { beginStaging, markStaged, stagedErrors, tellErrors } from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  enterPhase,
  leavePhase,
  requireUncompared,
  updateSync,
  type Preparation,
  type ReadCounts,
  type SyncRow,
} from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { catalogLink, catalogType, type Catalog } from './plan-diff.ts';
import { stagingPlan } from './sinks.ts';
import { errorColumns, noCounts } from './stage-table.ts';

/**
 * Evaluates the mappings in use over the source resources that are due, or all, and stages what the directory and its joins
 * should be. It is the prepare of a sync of the directory; a retry starts over.
 */
export async function mapDirectory(deps: Dependencies, sync: SyncRow, signal: AbortSignal): Promise<void> {
  const { db } = deps;
  await enterPhase(db, sync.no, taskOf(sync, 'map'));
  const whole = sync.mode === 'complete';
  const inUse = await rulesInUse(db);
  if (!inUse) throw new SyncError('configuration', 'No revision of the directory is in use.');
  if (
    inUse.directory.activeRevision !== sync.configRevision ||
    (!whole && (await appliedRules(db, sync.connector)) !== inUse.hash)
  )
    throw new SyncError(
      'configuration',
      'The mappings or the directory have changed since this sync began. Everything is mapped again.',
    );
  const file = withJoinTypes(inUse.file, inUse.rules);
  const catalog: Catalog = {
    types: await entityTypesOf(db, sync.connector),
    links: await linkPropertiesOf(db, sync.connector),
  };
  const plan = stagingPlan(file, sync, catalog, { narrowed: false, deltas: true });
  const staging = await db.transaction(async (tx) => {
    await requireUncompared(tx, sync.no);
    await clearErrors(tx, sync.no);
    return beginStaging(tx, sync.no, plan);
  });
  const run: MapRun = { db, staging, consumer: sync.connector, whole, rules: await numbered(db, inUse, catalog) };
  await beginRun(run);
  const evaluated = await evaluate(deps, run, inUse, signal);
  await reached('prepare/rows-staged');
  await findJoins(run);
  await findTouched(run);
  await evaluateOthers(deps, run, inUse, signal);
  await findLinks(run);
  const types: Preparation['types'] = {};
  for (const rule of run.rules) {
    await stageValues(run, rule);
    const { read, rejected } = await stageJoins(run, rule);
    types[joinTypeName(rule)] = { ...noCounts(), read, rejected };
  }
  for (const type of inUse.file.entityTypes) {
    const { id, references = [] } = plan.entityTypes.find((each) => each.id === catalogType(catalog, type.name).id) ?? {
      id: 0,
    };
    const leadsTo = new Map(
      Object.entries(type.navigationProperties).map(([name, navigation]) => [
        catalogLink(catalog, id, name, navigation).id,
        targetsOf(navigation).length,
      ]),
    );
    const read = await stageMerged(run, { id, references, name: type.name, leadsTo });
    types[type.name] = { ...noCounts(), read };
    const lifecycle = own(inUse.file.lifecycles ?? {}, type.name);
    if (lifecycle) await stageLifecycle(run, { id, references }, lifecycle);
  }
  const preparation: Preparation = {
    ...staging,
    exportRef: { syncId: sync.id, attempts: [] },
    consumed: false,
    mode: 'incremental',
    scope: sync.scope,
    rules: inUse.hash,
    types,
    links: {},
    tables: [],
  };
  await db.transaction(async (tx) => {
    await requireUncompared(tx, sync.no);
    await tellErrors(tx, staging);
    for (const type of file.entityTypes) {
      const about = { id: catalogType(catalog, type.name).id, name: type.name, keyCount: 1 };
      const settled = await resolveDeltas(tx, staging, about);
      Object.assign(types[type.name] ?? ({} as ReadCounts), { accepted: settled.accepted });
    }
    await markStaged(tx, staging);
    await updateSync(tx, sync.no, { preparation });
    await reached('prepare/before-commit');
  });
  await leavePhase(db, sync.no, taskOf(sync, 'map'));
  await logSync(
    db,
    sync.no,
    taskOf(sync, 'map'),
    'info',
    `Mapped ${amount(evaluated, 'resource')} of ${amount(run.rules.length, 'mapping')}.`,
  );
}

async function numbered(db: Queryable, { rules, file }: RulesInUse, catalog: Catalog): Promise<MapRule[]> {
  const types = new Map((await listEntityTypes(db)).map((type) => [type.name, type.id]));
  const links = await listLinkProperties(db);
  const idOf = (name: string) => types.get(name) ?? 0;
  return rules.map((rule, no): MapRule => {
    const { mapping } = rule;
    const target = file.entityTypes.find(({ name }) => name === mapping.to);
    const linked = Object.entries(mapping.attributes).flatMap(([name, attribute]): MapLink[] => {
      const navigation = own(target?.navigationProperties ?? {}, name);
      const from = attribute.link === undefined ? split(attribute.referencedBy ?? '.') : [mapping.from, attribute.link];
      if (!navigation || from[0] === '') return [];
      const { id } = catalogLink(catalog, idOf(mapping.to), name, navigation);
      const through = links.filter(
        (each) =>
          each.entityTypeName === from[0] &&
          each.name === from[1] &&
          !each.retired &&
          (attribute.link !== undefined || each.targetName === mapping.from),
      );
      return [
        {
          navigation: id,
          through: through.map((each) => each.id),
          side: attribute.link === undefined ? 'target' : 'source',
          targets: targetsOf(navigation).map(idOf),
        },
      ];
    });
    return {
      ...rule,
      no,
      joinType: catalogType(catalog, joinTypeName(rule)).id,
      fromType: idOf(mapping.from),
      toType: idOf(mapping.to),
      match: mapping.match.map((each) =>
        Object.values(each).map((property) => ({
          property,
          folds: own(target?.properties ?? {}, property)?.caseInsensitive ?? false,
        })),
      ),
      properties: Object.keys(mapping.attributes).filter((name) => own(target?.properties ?? {}, name) !== undefined),
      links: linked,
    };
  });
}

interface Compiled {
  rule: MapRule;
  map: SourceMapper;
}

const compiled = (rules: readonly MapRule[], { file }: { file: ConnectorFile }): Compiled[] =>
  rules.map((rule) => ({
    rule,
    map: compileSourceMapping(
      rule.mapping,
      rule.from,
      file.entityTypes.find(({ name }) => name === rule.mapping.to) ?? { properties: {} },
    ),
  }));

/** Every source that is looked at, once for all rules of its entity type. @returns how many */
async function evaluate(deps: Dependencies, run: MapRun, inUse: RulesInUse, signal: AbortSignal): Promise<number> {
  const rules = compiled(run.rules, inUse);
  for (const { rule } of rules) await addGone(run, rule);
  let count = 0;
  await intoTables(deps, run, async (write) => {
    for (const fromType of new Set(run.rules.map((rule) => rule.fromType)))
      for await (const page of pages((after) => readSources(run, fromType, after), signal)) {
        count += page.length;
        for (const each of rules.filter(({ rule }) => rule.fromType === fromType)) await write(each, page, true);
      }
  });
  return count;
}

/** Sources that were not looked at, and give values to what is computed again. Their joins stay. */
async function evaluateOthers(deps: Dependencies, run: MapRun, inUse: RulesInUse, signal: AbortSignal): Promise<void> {
  if (run.whole) return;
  await intoTables(deps, run, async (write) => {
    for (const each of compiled(run.rules, inUse))
      for await (const page of pages((after) => readOthers(run, each.rule, after), signal))
        await write(each, page, false);
  });
}

async function* pages(read: (after: string) => Promise<SourceRow[]>, signal: AbortSignal): AsyncGenerator<SourceRow[]> {
  for (let after = ''; ;) {
    signal.throwIfAborted();
    const page = await read(after);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < pageRows) return;
    after = last.key;
  }
}

type Write = (each: Compiled, page: readonly SourceRow[], due: boolean) => Promise<void>;

async function intoTables(
  { db, databaseUrl }: Dependencies,
  run: MapRun,
  work: (write: Write) => Promise<void>,
): Promise<void> {
  await withCopies(db, databaseUrl, async (client) => {
    const rows = new CopyWriter(client, sourceTable(run), sourceColumns);
    const errors = new CopyWriter(client, stagedErrors(run.staging), errorColumns);
    await work(async ({ rule, map }, page, due) => {
      for (const { id, key, attributes } of page) {
        const { state, values, failed, matches, faults } = map(attributes);
        const all = state === 'failed' ? rule.properties : failed;
        const created = rule.mapping.create ? newKey(rule.mapping.to, rule.mapping.from, id) : null;
        rows.add([
          rule.no,
          rule.fromType,
          key,
          id,
          state,
          JSON.stringify({ ...values, ...Object.fromEntries(all.map((name) => [name, undecided])) }),
          all,
          JSON.stringify(matches),
          created,
          due,
        ]);
        for (const { property, message } of due ? faults : [])
          errors.add([
            rule.mapping.from,
            rule.from.source.table,
            null,
            null,
            null,
            property ?? null,
            keyParts(key, rule.from.key.length),
            'expression',
            `${message}. What is stored in ${rule.mapping.to} stays as it is.`,
            'row-rejected',
          ]);
      }
      await rows.flush();
      await errors.flush();
    });
    await finishCopies(client);
  });
}
