import { own } from './chosen-names.ts';
import type { z } from 'zod';
import {
  targetsOf,
  type ConnectorFile,
  type EntityTypeFile,
  type NavigationFile,
  type PropertyFile,
} from './connector-file.ts';
import { checkMappings } from './directory/check-mappings.ts';
import { isDirectory } from './directory/directory-file.ts';
import { compileExpression, compileOverCells, compileOverResource, ExpressionError } from './expression.ts';
import { createFormat } from './format/index.ts';
import { FormatError } from './format/value.ts';
import { toPointer, type Fault } from './fault.ts';
import { checkProvisioning, type ProvisioningSurroundings } from './provisioning/check-provisioning.ts';
import { connectionsRead } from './poll.ts';
import { readSecretReference } from './secret-reference.ts';
import { checkLinkWatches, checkWatches, checkWindows } from './thresholds/check-watches.ts';

/** What a file is checked against besides itself. */
export interface Surroundings {
  /** The settings of a package, or undefined if there is none of the name. */
  settingsOf(packageName: string): z.ZodType | undefined;
  /** Whether the cells of a package have types; absent: all sources are texts. */
  structured?(packageName: string): boolean;
  /** What keeps connections of a package with these settings from being polled, for people; undefined if nothing does. */
  pollGap(packageName: string, settings: unknown): string | undefined;
  /** Whether polls of a package are complete syncs, so that nothing has to tell changes; absent: none are. */
  pollsCompletely?(packageName: string): boolean;
  /**
   * What is wrong with a connection whose settings fit its package, from the connection on; absent: nothing is.
   * @param secrets the names of those that the connection has
   */
  connectionFaults?(
    packageName: string,
    settings: unknown,
    secrets: readonly string[],
  ): { path: PropertyKey[]; detail: string }[];
  /** What keeps profiles from being written by a package; absent: no package writes. */
  profileFaults?: NonNullable<ProvisioningSurroundings['profileFaults']>;
  /** Absolute folders whose files connectors may name as secrets. */
  secretFolders: readonly string[];
  /** Entity types of other connectors. */
  elsewhere: ReadonlyMap<
    string,
    {
      connector: string;
      key: string[];
      properties: { name: string; multiValued: boolean }[];
      /** Absent: it has none. */
      links?: readonly { name: string; multiValued: boolean }[];
      /** Of an entity type of the directory with a lifecycle: the property that it gives. */
      lifecycleStatus?: string | undefined;
    }
  >;
}

/** Checks what a shape cannot say: that names exist and are unique, and that formats and expressions can be used. */
export function checkConnectorFile(file: ConnectorFile, around: Surroundings): Fault[] {
  const faults: Fault[] = [];
  const add = (path: PropertyKey[], detail: string) => faults.push({ pointer: toPointer(path), detail });
  const effort: Effort = { left: mostCompiled };

  if (isDirectory(file)) {
    checkDirectory(file, around, add);
    return faults;
  }
  unique(file.connections.map(({ name }) => name)).forEach((i) => {
    add(['connections', i, 'name'], 'Another connection has this name.');
  });
  unique(file.entityTypes.map(({ name }) => name)).forEach((i) => {
    add(['entityTypes', i, 'name'], 'Another entity type has this name.');
  });
  checkWindows(file, add);
  file.connections.forEach((connection, i) => {
    const settings = around.settingsOf(connection.package);
    if (!settings) {
      add(['connections', i, 'package'], `There is no package ${connection.package} in this version.`);
      return;
    }
    const checked = settings.safeParse(connection.settings);
    for (const issue of checked.error?.issues ?? []) add(['connections', i, 'settings', ...issue.path], issue.message);
    if (!checked.success) return;
    const secrets = Object.keys(connection.secrets);
    for (const fault of around.connectionFaults?.(connection.package, checked.data, secrets) ?? [])
      add(['connections', i, ...fault.path], fault.detail);
  });
  file.connections.forEach((connection, i) => {
    for (const [name, reference] of Object.entries(connection.secrets)) {
      const found = readSecretReference(reference, around.secretFolders);
      if (typeof found === 'string') add(['connections', i, 'secrets', name], found);
    }
  });
  file.connections.forEach((connection, i) => {
    if (connection.poll) checkPoll(file, connection.name, around, (detail) => add(['connections', i, 'poll'], detail));
  });
  file.entityTypes.forEach((type, i) => {
    const taken = around.elsewhere.get(type.name);
    if (taken)
      add(
        ['entityTypes', i, 'name'],
        `The connector ${taken.connector} has an entity type of this name. Names must be unique over all connectors.`,
      );
    checkEntityType(file, type, around, effort, (path, detail) => add(['entityTypes', i, ...path], detail));
  });
  const targetOf = (name: string) => {
    const found = around.elsewhere.get(name);
    return found && { ...found, links: found.links ?? [] };
  };
  checkMappings(file, targetOf, (compile) => compileWithin(effort, compile), add);
  checkProvisioning(
    file,
    {
      entityTypeOf: targetOf,
      ...(around.profileFaults ? { profileFaults: around.profileFaults } : {}),
    },
    (compile) => compileWithin(effort, compile),
    add,
  );
  return faults;
}

/** Its entity types have no source: names and watches are all that can be wrong. */
function checkDirectory(file: ConnectorFile, around: Surroundings, add: Add): void {
  unique(file.entityTypes.map(({ name }) => name)).forEach((i) => {
    add(['entityTypes', i, 'name'], 'Another entity type has this name.');
  });
  checkWindows(file, add);
  file.entityTypes.forEach((type, i) => {
    const at: Add = (path, detail) => {
      add(['entityTypes', i, ...path], detail);
    };
    const taken = around.elsewhere.get(type.name);
    if (taken)
      at(
        ['name'],
        `The connector ${taken.connector} has an entity type of this name. Names must be unique over all connectors.`,
      );
    if (type.label !== undefined && !own(type.properties, type.label))
      at(['label'], `There is no property ${type.label}.`);
    for (const [name, property] of Object.entries(type.properties))
      if (property.caseInsensitive && (property.type !== 'string' || property.multiValued))
        at(
          ['properties', name, 'caseInsensitive'],
          'Only a property of type string with one value can be caseInsensitive.',
        );
    checkWatches(type, at);
    const lifecycle = own(file.lifecycles ?? {}, type.name);
    const status = lifecycle && own(type.properties, lifecycle.status);
    if (lifecycle && (status?.type !== 'string' || status.multiValued))
      at(['lifecycle', 'status'], `${type.name} has no property ${lifecycle.status} of type string with one value.`);
    if (lifecycle && lifecycle.active === lifecycle.disabled)
      at(['lifecycle', 'disabled'], 'active and disabled must be two words.');
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      if (own(type.properties, name)) at(['navigationProperties', name], 'A property has this name.');
      for (const target of targetsOf(navigation))
        if (!file.entityTypes.some((each) => each.name === target))
          at(['navigationProperties', name, 'to'], `The directory has no entity type ${target}.`);
    }
  });
}

/** A poll makes incremental syncs: every connection that they read must be able to report changes. */
function checkPoll(file: ConnectorFile, polled: string, around: Surroundings, add: (detail: string) => void): void {
  const of = file.connections.find(({ name }) => name === polled);
  if (of && around.pollsCompletely?.(of.package)) return;
  for (const name of connectionsRead(file, polled)) {
    const connection = file.connections.find((each) => each.name === name);
    const settings = connection && around.settingsOf(connection.package)?.safeParse(connection.settings);
    // faults of the settings are reported already
    if (!connection || !settings?.success) continue;
    const gap = around.pollGap(connection.package, settings.data);
    if (gap === undefined) continue;
    add(
      name === polled
        ? `The connection ${name} cannot be polled: ${gap}`
        : `The connection ${polled} cannot be polled: its entity types have link tables of the connection ${name}. ${gap}`,
    );
  }
}

type Add = (path: PropertyKey[], detail: string) => void;

function unique(names: string[]): number[] {
  return names.flatMap((name, i) => (names.indexOf(name) === i ? [] : [i]));
}

function checkEntityType(
  file: ConnectorFile,
  type: EntityTypeFile,
  around: Surroundings,
  effort: Effort,
  add: Add,
): void {
  const connections = new Set(file.connections.map(({ name }) => name));
  if (!connections.has(type.source.connection))
    add(['source', 'connection'], `There is no connection ${type.source.connection} in this file.`);
  const structured = isStructured(file, type.source.connection, around);
  checkExpression(type.source.where, ['source', 'where'], effort, add, { condition: true, structured });
  for (const [name, property] of Object.entries(type.properties))
    checkProperty(name, property, type, structured, effort, add);
  checkIdentity(file, type, structured, add);
  type.key.forEach((name, i) => {
    const property = own(type.properties, name);
    if (!property) add(['key', i], `There is no property ${name}.`);
    else if (property.multiValued) add(['key', i], `The property ${name} is multi-valued; a key has one value.`);
    if (type.key.indexOf(name) !== i) add(['key', i], `The property ${name} is in the key twice.`);
  });
  if (type.label !== undefined && !own(type.properties, type.label))
    add(['label'], `There is no property ${type.label}.`);
  checkWatches(type, add);
  if (type.managed !== undefined && 'rule' in type.managed) checkRule(type.managed.rule, type, effort, add);
  for (const [name, navigation] of Object.entries(type.navigationProperties)) {
    const path = ['navigationProperties', name];
    if (own(type.properties, name)) add(path, `A property has this name.`);
    checkNavigation(file, type, navigation, around, connections, effort, (more, detail) => {
      add([...path, ...more], detail);
    });
  }
}

const isStructured = (file: ConnectorFile, connection: string, around: Surroundings): boolean =>
  around.structured?.(file.connections.find(({ name }) => name === connection)?.package ?? '') ?? false;

function checkIdentity(file: ConnectorFile, type: EntityTypeFile, structured: boolean, add: Add): void {
  const { identity: name, connection, table } = type.source;
  if (name === undefined) return;
  const path = ['source', 'identity'];
  const property = own(type.properties, name);
  if (!property) add(path, `There is no property ${name}.`);
  else if (property.type !== 'string' || property.multiValued)
    add(path, `The property ${name} cannot be the identity: an identity is a string with one value.`);
  else if (property.column === undefined)
    add(path, `The property ${name} has an expression. The identity needs a column, by which the source names it.`);
  if (!structured) add(path, 'The rows of this package have no identity beside the key. Leave identity out.');
  for (const other of file.entityTypes) {
    if (other === type || other.source.connection !== connection || other.source.table !== table) continue;
    if (other.source.identity === undefined)
      add(path, `The entity type ${other.name} reads the same table without an identity. Name one there, too.`);
    else if (other.properties[other.source.identity]?.column !== property?.column)
      add(path, `The entity type ${other.name} reads the same table with another column as identity. A table has one.`);
  }
}

/** An entry of an index holds the name, a value and the beginning of a key. */
const longestIndexedName = 100;

function checkProperty(
  name: string,
  property: PropertyFile,
  type: EntityTypeFile,
  structured: boolean,
  effort: Effort,
  add: Add,
): void {
  const path = ['properties', name];
  checkExpression(property.expression, [...path, 'expression'], effort, add, { condition: false, structured });
  if (property.pick !== undefined && (property.multiValued || property.column === undefined))
    add([...path, 'pick'], 'Only a property with a column and one value can pick.');
  if (property.caseInsensitive && (property.type !== 'string' || property.multiValued))
    add([...path, 'caseInsensitive'], 'Only a property of type string with one value can be caseInsensitive.');
  if (property.indexed && property.multiValued)
    add([...path, 'indexed'], 'Only a property with one value can be indexed.');
  if (property.indexed && Buffer.byteLength(name) > longestIndexedName)
    add([...path, 'indexed'], `The name of an indexed property has at most ${String(longestIndexedName)} bytes.`);
  if (property.separator !== undefined && !property.multiValued)
    add([...path, 'separator'], 'Only a multi-valued property can have a separator.');
  try {
    createFormat(property, new Date());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    add([...path, property.format === undefined ? 'type' : 'format'], `${error.message}.`);
  }
}

function checkNavigation(
  file: ConnectorFile,
  type: EntityTypeFile,
  navigation: NavigationFile,
  around: Surroundings,
  connections: ReadonlySet<string>,
  effort: Effort,
  add: Add,
): void {
  if (navigation.connection !== undefined && !connections.has(navigation.connection))
    add(['connection'], `There is no connection ${navigation.connection} in this file.`);
  const structured = isStructured(file, navigation.connection ?? type.source.connection, around);
  checkExpression(navigation.where, ['where'], effort, add, { condition: true, structured });
  if (
    navigation.column !== undefined &&
    navigation.multiValued === true &&
    navigation.separator === undefined &&
    !structured
  )
    add(['separator'], 'A multi-valued column needs a separator.');
  if (navigation.table !== undefined && type.key.length > 1)
    add(
      ['table'],
      'A link table needs a source whose key has one property. Make the rows an entity type of their own.',
    );
  const names = targetsOf(navigation);
  unique([...names]).forEach((i) => {
    add(['to', i], `The entity type ${names[i] ?? ''} is in the list twice.`);
  });
  names.forEach((name, i) => {
    checkTarget(file, navigation, name, around, (path, detail) => {
      add(path[0] === 'to' && typeof navigation.to !== 'string' ? ['to', i] : path, detail);
    });
  });
}

/** What an entity type that links lead to needs: a key of one property, or the property that `by` names. */
function checkTarget(file: ConnectorFile, navigation: NavigationFile, name: string, around: Surroundings, add: Add) {
  const target = targetOf(file, name, around);
  if (!target) {
    add(['to'], `There is no entity type ${name}. If another connector has it, load that connector first.`);
    return;
  }
  checkLinkWatches(navigation, name, target.key.length, add);
  if (navigation.by === undefined) {
    if (target.key.length > 1)
      add(
        ['to'],
        `${name} has a key of ${String(target.key.length)} properties. Name another property to match, in by.`,
      );
    return;
  }
  const by = target.properties.find((each) => each.name === navigation.by);
  if (!by) add(['by'], `${name} has no property ${navigation.by}.`);
  else if (by.multiValued) add(['by'], `The property ${navigation.by} of ${name} is multi-valued.`);
}

function targetOf(file: ConnectorFile, name: string, around: Surroundings) {
  const here = file.entityTypes.find((type) => type.name === name);
  if (!here) return around.elsewhere.get(name);
  return {
    key: here.key,
    properties: Object.entries(here.properties).map(([property, { multiValued }]) => ({ name: property, multiValued })),
  };
}

/** The effort that is left for compiling expressions, so that no file keeps a process busy for long. */
interface Effort {
  left: number;
}
/** Operations; an instruction of a regular expression counts as ten of them. */
const mostCompiled = 200_000;
/** The operations that a failed compilation counts as: nobody knows how many it took. */
const failed = 5_000;

function compileWithin<Compiled extends { size: number }>(effort: Effort, compile: () => Compiled): Compiled {
  if (effort.left <= 0)
    throw new ExpressionError('all expressions and regular expressions of the file together are too large');
  effort.left -= failed;
  const compiled = compile();
  effort.left += failed - compiled.size;
  return compiled;
}

/** A rule names properties, and gives true or false. */
function checkRule(text: string, type: EntityTypeFile, effort: Effort, add: Add): void {
  const path = ['managed', 'rule'];
  try {
    const { type: result, columns } = compileWithin(effort, () => compileOverResource(text));
    if (result !== 'bool' && result !== 'dyn')
      add(path, `The result of the rule is ${result}. It must be true or false.`);
    for (const name of columns ?? [])
      if (!own(type.properties, name))
        add(path, `There is no property ${name} in this entity type. A rule can use only its properties.`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    add(path, `The rule cannot be used: ${error.message}`);
  }
}

function checkExpression(
  text: string | undefined,
  path: PropertyKey[],
  effort: Effort,
  add: Add,
  { condition, structured }: { condition: boolean; structured: boolean },
): void {
  if (text === undefined) return;
  try {
    const { type } = compileWithin(effort, () => (structured ? compileOverCells(text) : compileExpression(text)));
    if (condition && type !== 'bool' && type !== 'dyn')
      add(path, `The result of the condition is ${type}. It must be true or false.`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    add(path, `The expression cannot be used: ${error.message}`);
  }
}
