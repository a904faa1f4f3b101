import { own } from '../chosen-names.ts';
import { targetsOf, type ConnectorFile, type EntityTypeFile } from '../connector-file.ts';
import { compileOverSource, ExpressionError } from '../expression.ts';
import { directoryKey, directoryName } from './directory-file.ts';
import type { MappedAttribute, MappingFile } from './mapping-schema.ts';

/** An entity type of the directory, as mappings name its parts. */
export interface MappedTarget {
  connector: string;
  properties: { name: string; multiValued: boolean }[];
  links: readonly { name: string; multiValued: boolean }[];
  /** The property of its lifecycle, if it has one. */
  lifecycleStatus?: string | undefined;
}

type Add = (path: PropertyKey[], detail: string) => void;
/** Compiles within the effort that the file has left. */
type Compile = <Compiled extends { size: number }>(make: () => Compiled) => Compiled;

/** Checks what the shape of `mappings` cannot say: that names exist, and that expressions can be used. */
export function checkMappings(
  file: ConnectorFile,
  targetOf: (name: string) => MappedTarget | undefined,
  compile: Compile,
  add: Add,
): void {
  const all = file.mappings ?? [];
  all.forEach((mapping, i) => {
    const at: Add = (path, detail) => {
      add(['mappings', i, ...path], detail);
    };
    const from = file.entityTypes.find(({ name }) => name === mapping.from);
    if (!from) at(['from'], `There is no entity type ${mapping.from} in this file.`);
    const target = targetOf(mapping.to);
    if (target?.connector !== directoryName)
      at(
        ['to'],
        `The directory has no entity type ${mapping.to}. Load the file of the directory first: PUT /v1/connectors/${directoryName}.`,
      );
    const same = all.findIndex((other) => other.to === mapping.to && other.priority === mapping.priority);
    if (same < i) at(['priority'], `Another mapping to ${mapping.to} has the priority ${String(mapping.priority)}.`);
    if (all.findIndex((other) => other.to === mapping.to && other.from === mapping.from) < i)
      at(['from'], `Another mapping leads from ${mapping.from} to ${mapping.to}. One is all there can be.`);
    if (mapping.match.length === 0 && !mapping.create)
      at(['match'], 'A mapping without match and without create joins nothing. Give one of them.');
    if (target?.lifecycleStatus !== undefined && mapping.lifecycle === undefined)
      at(
        ['lifecycle'],
        `${mapping.to} has a lifecycle. Say whether this mapping anchors what it is joined to: lifecycle: true or false.`,
      );
    if (from && target?.connector === directoryName) checkMapping(file, mapping, from, target, compile, at);
  });
}

function checkMapping(
  file: ConnectorFile,
  mapping: MappingFile,
  from: EntityTypeFile,
  target: MappedTarget,
  compile: Compile,
  add: Add,
): void {
  checkCel(mapping.when, true, from, ['when'], compile, add);
  mapping.match.forEach((rule, i) => {
    if (Object.keys(rule).length === 0) add(['match', i], 'A rule pairs at least one property.');
    for (const [source, directory] of Object.entries(rule)) {
      const property = own(from.properties, source);
      if (!property || property.multiValued)
        add(['match', i, source], `${from.name} has no property ${source} with one value.`);
      if (directory === directoryKey || !target.properties.some((each) => each.name === directory && !each.multiValued))
        add(['match', i, source], `${mapping.to} has no property ${directory} with one value that a mapping can give.`);
    }
  });
  for (const [name, attribute] of Object.entries(mapping.attributes)) {
    const path = ['attributes', name];
    if (attribute.link !== undefined || attribute.referencedBy !== undefined) {
      checkLink(file, mapping, attribute, from, target, name, (detail) => {
        add(path, detail);
      });
      continue;
    }
    if (name === target.lifecycleStatus) add(path, `${name} is given by the lifecycle of ${mapping.to}. Leave it out.`);
    if (name === directoryKey) add(path, `${directoryKey} is the key, which the directory makes.`);
    else if (!target.properties.some((each) => each.name === name)) add(path, `${mapping.to} has no property ${name}.`);
    if (attribute.property !== undefined && !own(from.properties, attribute.property))
      add([...path, 'property'], `${from.name} has no property ${attribute.property}.`);
    checkCel(attribute.expression, false, from, [...path, 'expression'], compile, add);
  }
}

function checkLink(
  file: ConnectorFile,
  mapping: MappingFile,
  { link, referencedBy }: MappedAttribute,
  from: EntityTypeFile,
  target: MappedTarget,
  name: string,
  add: (detail: string) => void,
): void {
  if (!target.links.some((each) => each.name === name)) {
    add(`${mapping.to} has no navigation property ${name}.`);
    return;
  }
  if (link !== undefined) {
    if (!own(from.navigationProperties, link)) add(`${from.name} has no navigation property ${link}.`);
    return;
  }
  const [type, property] = split(referencedBy ?? '');
  const navigation = own(file.entityTypes.find((each) => each.name === type)?.navigationProperties ?? {}, property);
  if (!navigation) add(`This file has no navigation property ${referencedBy ?? ''}.`);
  else if (!targetsOf(navigation).includes(from.name)) add(`${referencedBy ?? ''} does not lead to ${from.name}.`);
}

/** `Type.property`; only the property may have a point. */
export const split = (name: string): [string, string] => {
  const at = name.indexOf('.');
  return [name.slice(0, at), name.slice(at + 1)];
};

function checkCel(
  text: string | undefined,
  condition: boolean,
  from: EntityTypeFile,
  path: PropertyKey[],
  compile: Compile,
  add: Add,
): void {
  if (text === undefined) return;
  try {
    const { type, columns } = compile(() => compileOverSource(text));
    if (condition && type !== 'bool' && type !== 'dyn')
      add(path, `The result of the condition is ${type}. It must be true or false.`);
    for (const name of columns ?? [])
      if (own(from.navigationProperties, name))
        add(path, `${name} is a navigation property. This version of Syncline has only properties in expressions.`);
      else if (!own(from.properties, name)) add(path, `${from.name} has no property ${name}.`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    add(path, `The expression cannot be used: ${error.message}`);
  }
}
