import { amount } from '../domain/amount.ts';
import { own } from '../domain/chosen-names.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import type { LifecycleFile } from '../domain/directory/lifecycle.ts';
import { SyncError } from '../domain/errors.ts';
import { keyParts } from '../domain/key.ts';
import { reached } from '../domain/marked-points.ts';
import { compileProfile } from '../domain/provisioning/compute-profile.ts';
import type { ProfileFile, ProvisioningFile } from '../domain/provisioning/profile-schema.ts';
import { membersLink, profileKey } from '../domain/provisioning/target-file.ts';
import { taskOf } from '../domain/task-results.ts';
import {
  entityTypesOf,
  linkPropertiesOf,
  listEntityTypes,
  listLinkProperties,
  type EntityTypeRow,
} from '../repository/catalog.ts';
import { CopyWriter, finishCopies, withCopies } from '../repository/copy.ts';
import type { Queryable } from '../repository/database.ts';
import { appliedRules, lifecyclesInUse } from '../repository/directory/rules.ts';
import {
  beginProfiles,
  pageRows,
  readDirectory,
  stageMembers,
  type ProfileRun,
  type ProfileType,
} from '../repository/provisioning/run.ts';
import { rulesOfTarget, findTarget } from '../repository/provisioning/targets.ts';
import { resolveDeltas } from '../repository/resolve-deltas.ts';
import { clearErrors } from '../repository/row-errors.ts';
import { beginStaging, markStaged, stagedErrors, stagedRows, tellErrors } from '../repository/staging.ts';
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

/** A profile type with its rules, and what is read. */
interface Computed {
  profile: ProfileFile;
  type: ProfileType;
  from: EntityTypeRow;
  lifecycle: LifecycleFile | undefined;
}

/**
 * Evaluates the rules of a target over the resources of the directory that are due, or all, and stages the profiles that they should
 * have. It is the prepare of a run of provisioning; a retry starts over. No profile ends because a resource is missing: only
 * a rule that says so ends one.
 */
export async function computeProfiles(
  deps: Dependencies,
  sync: SyncRow,
  file: ConnectorFile,
  signal: AbortSignal,
): Promise<void> {
  const { db } = deps;
  const task = taskOf(sync, 'compute');
  await enterPhase(db, sync.no, task);
  const { provisioning } = file;
  const rules = rulesOfTarget(file);
  const whole = sync.mode === 'complete';
  const target = await findTarget(db, sync.connector);
  if (
    !provisioning ||
    !target ||
    rulesOfTarget(target.file) !== rules ||
    (!whole && (await appliedRules(db, sync.connector)) !== rules)
  )
    throw new SyncError(
      'configuration',
      'The provisioning has changed since this sync began. Everything is computed again.',
    );
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
  const computed = await numbered(db, file, provisioning, catalog);
  const run: ProfileRun = { db, staging, consumer: sync.connector, whole, profiles: computed.map(({ type }) => type) };
  await beginProfiles(run);
  const types = await evaluate(deps, run, computed, signal);
  await reached('prepare/rows-staged');
  for (const { type } of computed) await stageMembers(run, type);
  const preparation: Preparation = {
    ...staging,
    exportRef: { syncId: sync.id, attempts: [] },
    consumed: false,
    mode: 'incremental',
    scope: sync.scope,
    rules,
    types,
    links: {},
    tables: [],
  };
  await db.transaction(async (tx) => {
    await requireUncompared(tx, sync.no);
    await tellErrors(tx, staging);
    for (const { name } of file.entityTypes) {
      const settled = await resolveDeltas(tx, staging, { id: catalogType(catalog, name).id, name, keyCount: 1 });
      Object.assign(types[name] ?? ({} as ReadCounts), { accepted: settled.accepted });
    }
    await markStaged(tx, staging);
    await updateSync(tx, sync.no, { preparation });
    await reached('prepare/before-commit');
  });
  await leavePhase(db, sync.no, task);
  const count = Object.values(types).reduce((sum, { read }) => sum + read, 0);
  await logSync(
    db,
    sync.no,
    task,
    'info',
    `Computed ${amount(count, 'profile')} of ${amount(computed.length, 'type')}.`,
  );
}

async function numbered(
  db: Queryable,
  file: ConnectorFile,
  { profiles }: ProvisioningFile,
  catalog: Catalog,
): Promise<Computed[]> {
  const types = new Map((await listEntityTypes(db)).map((type) => [type.name, type]));
  const links = await listLinkProperties(db);
  const lifecycles = await lifecyclesInUse(db);
  return profiles.map((profile): Computed => {
    const { id } = catalogType(catalog, profile.name);
    const from = types.get(profile.from);
    if (!from || from.retired)
      throw new SyncError('configuration', `The directory has no entity type ${profile.from} any more.`);
    const type: ProfileType = { id, from: from.id };
    const member = profiles.find(({ name }) => name === profile.members?.profiles[0]);
    const navigation = file.entityTypes.find(({ name }) => name === profile.name)?.navigationProperties[membersLink];
    if (profile.members && member && navigation) {
      const memberFrom = types.get(member.from)?.id ?? 0;
      type.members = {
        property: catalogLink(catalog, id, membersLink, navigation).id,
        through: links
          .filter(
            (link) =>
              !link.retired &&
              link.entityType === from.id &&
              link.name === profile.members?.link &&
              link.target === memberFrom,
          )
          .map((link) => link.id),
        of: { id: catalogType(catalog, member.name).id, from: memberFrom },
      };
    }
    return { profile, type, from, lifecycle: own(lifecycles, profile.from) };
  });
}

const rowColumns = ['seq', 'source', 'line', 'command', 'key', 'attributes'] as const;

async function evaluate(
  { db, databaseUrl }: Dependencies,
  run: ProfileRun,
  computed: readonly Computed[],
  signal: AbortSignal,
): Promise<Preparation['types']> {
  const types: Preparation['types'] = {};
  await withCopies(db, databaseUrl, async (client) => {
    for (const each of computed) {
      const counts = { ...noCounts() };
      types[each.profile.name] = counts;
      const rows = new CopyWriter(client, stagedRows(run.staging, each.type.id), rowColumns);
      const errors = new CopyWriter(client, stagedErrors(run.staging), errorColumns);
      const rule = ruleOf(each);
      for (let after = ''; ;) {
        signal.throwIfAborted();
        const page = await readDirectory(run, each.type, after);
        for (const { key, attributes, stored } of page) {
          const { state, values, failed, faults } = rule(attributes);
          counts.read++;
          if (faults.length > 0) counts.rejected++;
          for (const { code, attribute, message } of faults)
            errors.add([
              each.profile.name,
              each.profile.name,
              null,
              null,
              null,
              attribute ?? null,
              keyParts(key, 1),
              code,
              `${message}. What is stored of the profile stays as it is.`,
              'row-rejected',
            ]);
          if (state === 'undecided' || (state === 'unassigned' && !stored)) continue;
          const given = Object.keys(each.profile.attributes).filter((name) => !failed.includes(name));
          const all = Object.fromEntries(given.map((name) => [name, values[name] ?? null]));
          const merged = { [profileKey]: key, ...all };
          rows.add([
            counts.read,
            'directory',
            0,
            state === 'assigned' ? 'merge' : 'delete',
            key,
            JSON.stringify(state === 'assigned' ? merged : {}),
          ]);
        }
        await rows.flush();
        await errors.flush();
        const last = page.at(-1);
        if (!last || page.length < pageRows) break;
        after = last.key;
      }
    }
    await finishCopies(client);
  });
  return types;
}

const ruleOf = ({ profile, from, lifecycle }: Computed) =>
  compileProfile(profile, { properties: from.properties.filter(({ retired }) => !retired), lifecycle });
