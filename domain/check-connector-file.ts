import { own } from './chosen-names.ts';
import type { z } from 'zod';
import type { ConnectorFile, EntityTypeFile, NavigationFile, PropertyFile } from './connector-file.ts';
import { compileExpression, compileOverResource, ExpressionError } from './expression.ts';
import { createFormat } from './format/index.ts';
import { FormatError } from './format/value.ts';
import { toPointer, type Fault } from './fault.ts';
import { connectionsRead } from './poll.ts';
import { readSecretReference } from './secret-reference.ts';

/** What a file is checked against besides itself. */
export interface Surroundings {
  /** The settings of a package, or undefined if there is none of the name. */
  settingsOf(packageName: string): z.ZodType | undefined;
  /** What keeps connections of a package with these settings from being polled, for people; undefined if nothing does. */
  pollGap(packageName: string, settings: unknown): string | undefined;
  /** Absolute folders whose files connectors may name as secrets. */
  secretFolders: readonly string[];
  /** Entity types of other connectors. */
  elsewhere: ReadonlyMap<
    string,
    { connector: string; key: string[]; properties: { name: string; multiValued: boolean }[] }
  >;
}

/** Checks what a shape cannot say: that names exist and are unique, and that formats and expressions can be used. */
export function checkConnectorFile(file: ConnectorFile, around: Surroundings): Fault[] {
  const faults: Fault[] = [];
  const add = (path: PropertyKey[], detail: string) => faults.push({ pointer: toPointer(path), detail });
  const effort: Effort = { left: mostCompiled };

  unique(file.connections.map(({ name }) => name)).forEach((i) => {
    add(['connections', i, 'name'], 'Another connection has this name.');
  });
  unique(file.entityTypes.map(({ name }) => name)).forEach((i) => {
    add(['entityTypes', i, 'name'], 'Another entity type has this name.');
  });
  file.connections.forEach((connection, i) => {
    const settings = around.settingsOf(connection.package);
    if (!settings) {
      add(['connections', i, 'package'], `There is no package ${connection.package} in this version.`);
      return;
    }
    const checked = settings.safeParse(connection.settings);
    for (const issue of checked.error?.issues ?? []) add(['connections', i, 'settings', ...issue.path], issue.message);
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
  return faults;
}

/** A poll makes incremental syncs: every connection that they read must be able to report changes. */
function checkPoll(file: ConnectorFile, polled: string, around: Surroundings, add: (detail: string) => void): void {
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
  checkExpression(type.source.where, ['source', 'where'], effort, add, true);
  for (const [name, property] of Object.entries(type.properties)) checkProperty(name, property, type, effort, add);
  type.key.forEach((name, i) => {
    const property = own(type.properties, name);
    if (!property) add(['key', i], `There is no property ${name}.`);
    else if (property.multiValued) add(['key', i], `The property ${name} is multi-valued; a key has one value.`);
    if (type.key.indexOf(name) !== i) add(['key', i], `The property ${name} is in the key twice.`);
  });
  if (type.label !== undefined && !own(type.properties, type.label))
    add(['label'], `There is no property ${type.label}.`);
  if (type.managed !== undefined && 'rule' in type.managed) checkRule(type.managed.rule, type, effort, add);
  for (const [name, navigation] of Object.entries(type.navigationProperties)) {
    const path = ['navigationProperties', name];
    if (own(type.properties, name)) add(path, `A property has this name.`);
    checkNavigation(file, type, navigation, around, connections, effort, (more, detail) => {
      add([...path, ...more], detail);
    });
  }
}

function checkProperty(name: string, property: PropertyFile, type: EntityTypeFile, effort: Effort, add: Add): void {
  const path = ['properties', name];
  checkExpression(property.expression, [...path, 'expression'], effort, add, false);
  if (property.caseInsensitive && (property.type !== 'string' || !type.key.includes(name)))
    add([...path, 'caseInsensitive'], 'Only a key of type string can be caseInsensitive.');
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
  checkExpression(navigation.where, ['where'], effort, add, true);
  if (navigation.table !== undefined && type.key.length > 1)
    add(
      ['table'],
      'A link table needs a source whose key has one property. Make the rows an entity type of their own.',
    );
  const target = targetOf(file, navigation.to, around);
  if (!target) {
    add(['to'], `There is no entity type ${navigation.to}. If another connector has it, load that connector first.`);
    return;
  }
  if (navigation.by === undefined) {
    if (target.key.length > 1)
      add(
        ['to'],
        `${navigation.to} has a key of ${String(target.key.length)} properties. Name another property to match, in by.`,
      );
    return;
  }
  const by = target.properties.find(({ name }) => name === navigation.by);
  if (!by) add(['by'], `${navigation.to} has no property ${navigation.by}.`);
  else if (by.multiValued) add(['by'], `The property ${navigation.by} of ${navigation.to} is multi-valued.`);
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
/** What one that fails counts as, since nobody knows how far it came. */
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
  condition: boolean,
): void {
  if (text === undefined) return;
  try {
    const { type } = compileWithin(effort, () => compileExpression(text));
    if (condition && type !== 'bool' && type !== 'dyn')
      add(path, `The result of the condition is ${type}. It must be true or false.`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    add(path, `The expression cannot be used: ${error.message}`);
  }
}
