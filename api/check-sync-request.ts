import { provisioningTasks } from '../domain/sync-kind.ts';
import { byName } from '../domain/chosen-names.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { isDirectory } from '../domain/directory/directory-file.ts';
import { isTarget } from '../domain/provisioning/target-file.ts';
import { tasks as allTasks, type SyncScope, type Task } from '../domain/sync.ts';
import { usersTypes } from '../domain/managed.ts';
import { keyPartAsStored } from '../domain/match-value.ts';
import { cannotTellChanges } from '../domain/incremental.ts';
import { tablesInScope } from '../domain/scope.ts';
import { changesGap, hasIncremental } from '../connectors/registry.ts';
import type { ConnectorRow } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { hasPreparation } from '../repository/sync-requests.ts';
import { lastExport } from '../repository/last-export.ts';
import { toPointer } from '../domain/fault.ts';
import { makesChanges } from '../domain/sync-end.ts';
import { overrideFault } from '../domain/thresholds/overrides.ts';
import type { SyncOverrides } from '../domain/thresholds/names.ts';
import { invalid, Problem } from './problems.ts';
import type { SyncBody } from './schemas/sync.ts';

/**
 * Checks a request against the connector.
 * @throws Problem naming the invalid field, or the earlier task that is missing
 */
export async function checkSyncRequest(
  db: Queryable,
  connector: ConnectorRow,
  { revision, file }: { revision: number; file: ConnectorFile },
  body: SyncBody,
): Promise<{ tasks: Task[]; scope: SyncScope | null; overrides: SyncOverrides | undefined }> {
  if (isDirectory(file)) return checkMapRequest(body);
  if (isTarget(file)) return checkComputeRequest(body);
  const gaps = body.mode === 'incremental' ? cannotTellChanges(file, changesGap) : new Map<string, string>();
  if (body.mode === 'incremental' && !hasIncremental(file)) {
    const why = [...new Set(gaps.values())].join(' ');
    throw invalid('/mode', `${connector.name} has no incremental mode. ${why} Start a complete sync.`);
  }
  const { entityTypes } = body.scope ?? {};
  if (entityTypes && gaps.size > 0 && !readsSome(file, entityTypes, gaps))
    throw invalid(
      '/mode',
      `An incremental sync of ${entityTypes.join(', ')} would read nothing: their connections cannot report changes. Start a complete sync.`,
    );
  const tasks = checkTasks(body.tasks);
  const missing = (detail: string) => new Problem('nothing-prepared', detail);
  if (tasks[0] === 'prepare' && !(await lastExport(db, connector.id, false)))
    throw missing(`There is no export of ${connector.name} to prepare: run the task export first.`);
  if (tasks[0] === 'synchronize' && !(await hasPreparation(db, connector.id, revision)))
    throw missing(
      `${connector.name} has no prepared rows of revision ${String(revision)} that are not synchronised yet: run the task prepare first.`,
    );
  if (tasks[0] === 'update-expressions' && !(await lastExport(db, connector.id, true)))
    throw missing(
      `There is no applied complete sync of the whole of ${connector.name} with an export that is kept, so there is nothing to evaluate the expressions over. Run a complete sync.`,
    );
  return {
    tasks,
    scope: body.scope ? checkScope(file, body.scope) : null,
    overrides: body.overrides && checkOverrides(file, body.overrides, tasks),
  };
}

/** The directory reads no source: its one task is to map, everything or what is due. */
function checkMapRequest({ tasks, scope, overrides }: SyncBody): {
  tasks: Task[];
  scope: null;
  overrides: SyncOverrides | undefined;
} {
  if (tasks && (tasks.length !== 1 || tasks[0] !== 'map'))
    throw invalid('/tasks', 'A sync of the directory has one task: map.');
  if (scope)
    throw invalid('/scope', 'A sync of the directory has no scope: complete maps everything, incremental what is due.');
  return { tasks: ['map'], scope: null, overrides };
}

/** Nor does a run of provisioning: it computes everything, or what is due. */
function checkComputeRequest({ tasks, scope, overrides }: SyncBody): {
  tasks: Task[];
  scope: null;
  overrides: SyncOverrides | undefined;
} {
  if (tasks?.join() !== provisioningTasks.join())
    throw invalid('/tasks', 'A run of provisioning has the tasks compute and provision.');
  if (scope)
    throw invalid(
      '/scope',
      'A run of provisioning has no scope: complete computes everything, incremental what is due.',
    );
  return { tasks: provisioningTasks, scope: null, overrides };
}

/** @throws Problem if an override names what the connector does not have, or the sync is judged by no limits */
function checkOverrides(file: ConnectorFile, overrides: SyncOverrides, wanted: readonly Task[]): SyncOverrides {
  const fault = overrideFault(file, overrides);
  if (fault) throw invalid(toPointer(['overrides', 'thresholds', 'entityTypes', ...fault.path]), fault.detail);
  if (!makesChanges(wanted))
    throw invalid('/overrides', 'This sync ends before its changes are compared with limits. Remove overrides.');
  return overrides;
}

/** Whether an incremental sync of these entity types reads anything. Unknown entity types are reported elsewhere. */
function readsSome(file: ConnectorFile, entityTypes: string[], gaps: ReadonlyMap<string, string>): boolean {
  const known = entityTypes.every((name) => file.entityTypes.some((type) => type.name === name));
  return (
    !known ||
    file.connections.some(({ name }) => !gaps.has(name) && tablesInScope(file, { entityTypes }, name).length > 0)
  );
}

/** All Tasks, one task, or a run of them from the first on. */
function checkTasks(wanted: readonly Task[] | undefined): Task[] {
  if (wanted === undefined) return [...allTasks];
  const positions = wanted.map((task) => (allTasks as readonly Task[]).indexOf(task));
  if (positions.includes(-1)) throw invalid('/tasks', 'Only syncs of the directory have the task map.');
  const inRow = positions.every((position, i) => i === 0 || position === (positions[i - 1] ?? 0) + 1);
  if (!inRow) throw invalid('/tasks', `name each task once, in this order: ${allTasks.join(', ')}.`);
  return [...wanted];
}

function checkScope(file: ConnectorFile, scope: NonNullable<SyncBody['scope']>): SyncScope {
  const types = new Map(file.entityTypes.map((type) => [type.name, type]));
  const known = `It has ${[...types.keys()].join(', ')}.`;
  scope.entityTypes?.forEach((name, i) => {
    if (!types.has(name))
      throw invalid(`/scope/entityTypes/${String(i)}`, `There is no entity type ${name} here. ${known}`);
  });
  const keys = byName<string[][]>();
  for (const [name, list] of Object.entries(scope.keys ?? {})) {
    const type = types.get(name);
    if (!type) throw invalid(`/scope/keys/${name}`, `There is no entity type ${name} here. ${known}`);
    keys[name] = list.map((key, i) => {
      if (key.length !== type.key.length)
        throw invalid(
          `/scope/keys/${name}/${String(i)}`,
          `A key of ${name} has ${String(type.key.length)} parts: ${type.key.join(', ')}.`,
        );
      const today = new Date();
      return key.map((part, j) => {
        const property = type.properties[type.key[j] ?? ''];
        return property ? keyPartAsStored(property, part, today) : part;
      });
    });
  }
  if (scope.keys && Object.keys(keys).length === 0)
    throw invalid('/scope/keys', 'keys names no entity type. To synchronise everything, remove keys.');
  return limitToUsers(file, {
    ...(scope.entityTypes ? { entityTypes: scope.entityTypes } : {}),
    ...(scope.keys ? { keys } : {}),
    ...(scope.operations ? { operations: scope.operations } : {}),
    ...(scope.managedOnly ? { managedOnly: true } : {}),
    ...(scope.users ? { users: scope.users } : {}),
  });
}

/**
 * Limits a sync of users only to their entity types, and to updates.
 * @throws Problem if none of its entity types are users, or other operations are requested
 */
export function limitToUsers(file: ConnectorFile, scope: SyncScope): SyncScope {
  if (scope.users !== 'only') return scope;
  const users = usersTypes(file);
  if (users.length === 0)
    throw new Problem(
      'no-users',
      `No entity type of ${file.name} is marked with users: true, so there are no users to update.`,
    );
  const about = (name: string, pointer: string) => {
    if (!users.includes(name))
      throw invalid(
        pointer,
        `${name} is not marked with users: true; a sync of users only can have ${users.join(', ')}.`,
      );
  };
  scope.entityTypes?.forEach((name, i) => {
    about(name, `/scope/entityTypes/${String(i)}`);
  });
  for (const name of Object.keys(scope.keys ?? {})) about(name, `/scope/keys/${name}`);
  if (scope.operations && !scope.operations.includes('update'))
    throw invalid('/scope/operations', 'A sync of users only makes updates. Remove operations.');
  return { ...scope, entityTypes: scope.entityTypes ?? users, operations: ['update'] };
}
