import type { DiscoveredColumn, DiscoveredTable } from '../package.ts';
import { isBinaryBy, isOwn, ownColumns } from '../entries/columns.ts';
import type { Entry } from '../entries/entry.ts';
import { textsOf, type Directory } from './directory.ts';
import { parseFilter } from '../entries/filter.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { searchPages } from './pages.ts';
import { tableOf, type LdapSettings } from './settings.ts';

/** The schema of a directory (RFC 4512, 4.1), as far as discovery needs it. */
export interface Schema {
  /** By names in small letters. */
  classes: ReadonlyMap<string, ObjectClass>;
  attributes: ReadonlyMap<string, AttributeType>;
}

interface ObjectClass {
  name: string;
  superiors: string[];
  structural: boolean;
  must: string[];
  may: string[];
}

interface AttributeType {
  name: string;
  superior: string | undefined;
  syntax: string | undefined;
  single: boolean;
  operational: boolean;
}

export async function readSchema(directory: Directory): Promise<Schema> {
  const base = directory.root.schema;
  const found =
    base === undefined
      ? undefined
      : await directory.search({
          base,
          scope: 'base',
          filter: parseFilter('(objectClass=subschema)'),
          attributes: ['objectClasses', 'attributeTypes'],
        });
  const [entry] = found?.entries ?? [];
  const classes = new Map<string, ObjectClass>();
  const attributes = new Map<string, AttributeType>();
  for (const text of entry ? textsOf(entry, 'objectClasses') : []) {
    const fields = readDefinition(text);
    const of: ObjectClass = {
      name: fields.get('NAME')?.[0] ?? '',
      superiors: fields.get('SUP') ?? [],
      structural: !fields.has('ABSTRACT') && !fields.has('AUXILIARY'),
      must: fields.get('MUST') ?? [],
      may: fields.get('MAY') ?? [],
    };
    for (const name of fields.get('NAME') ?? []) classes.set(name.toLowerCase(), of);
  }
  for (const text of entry ? textsOf(entry, 'attributeTypes') : []) {
    const fields = readDefinition(text);
    const of: AttributeType = {
      name: fields.get('NAME')?.[0] ?? '',
      superior: fields.get('SUP')?.[0],
      syntax: fields.get('SYNTAX')?.[0]?.replace(/\{\d+\}$/, ''),
      single: fields.has('SINGLE-VALUE'),
      operational:
        fields.has('NO-USER-MODIFICATION') || (fields.get('USAGE')?.[0] ?? 'userApplications') !== 'userApplications',
    };
    for (const name of fields.get('NAME') ?? []) attributes.set(name.toLowerCase(), of);
  }
  return { classes, attributes };
}

/** `( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) … )`: each word in capitals with what follows it. */
function readDefinition(text: string): Map<string, string[]> {
  const tokens = text.match(/'[^']*'|[()$]|[^\s()$']+/g) ?? [];
  const fields = new Map<string, string[]>();
  let values: string[] = [];
  for (const token of tokens.slice(1)) {
    if (token === '(' || token === ')' || token === '$') continue;
    if (token.startsWith("'")) values.push(token.slice(1, -1));
    else if (/^[A-Z][A-Z-]+$/.test(token) && !isValue(fields, values)) {
      values = [];
      fields.set(token, values);
    } else values.push(token);
  }
  return fields;

  /** Whether a word in capitals is the one value of the word before it, such as an attribute named `UID`. */
  function isValue(all: Map<string, string[]>, current: string[]): boolean {
    const last = [...all.keys()].at(-1);
    return current.length === 0 && (last === 'SUP' || last === 'USAGE' || last === 'EQUALITY');
  }
}

const nothing: ObjectClass = { name: '', superiors: [], structural: false, must: [], may: [] };

/** A class and those above it. */
function familyOf(schema: Schema, name: string, seen = new Set<ObjectClass>()): Set<ObjectClass> {
  const found = schema.classes.get(name.toLowerCase());
  if (!found || seen.has(found)) return seen;
  seen.add(found);
  for (const superior of found.superiors) familyOf(schema, superior, seen);
  return seen;
}

const sampleSize = 500;

/** The first entries of a table, with what tells about its form. */
export async function sampleOf(
  directory: Directory,
  settings: LdapSettings,
  table: string,
  attributes: readonly string[] = ['*', '+'],
): Promise<Entry[]> {
  const { bases, scope, filter, exclude, name } = tableOf(settings, table);
  const entries: Entry[] = [];
  for (const base of bases)
    for await (const page of searchPages(directory, {
      base,
      scope,
      filter: parseFilter(filter),
      attributes,
      pageSize: Math.min(settings.pageSize, sampleSize),
      table: name,
    })) {
      entries.push(...page.entries.filter(({ dn }) => !exclude.some((branch) => isWithin(normalName(dn), branch))));
      if (entries.length >= sampleSize) return entries.slice(0, sampleSize);
    }
  return entries;
}

/** Attributes that stay when an entry is renamed; each kind of directory gives its own, and 389 Directory Server may have both of the last. */
const identities = ['objectGUID', 'nsUniqueId', 'entryUUID'];

/** Operational attributes that are worth a column. */
const operational = [
  'entryUUID',
  'nsUniqueId',
  'createTimestamp',
  'modifyTimestamp',
  'memberOf',
  'pwdAccountLockedTime',
];

/** A table, from the schema and a sample of its entries. */
export async function discoverTable(
  directory: Directory,
  settings: LdapSettings,
  table: string,
  schema: Schema,
): Promise<DiscoveredTable> {
  const entries = await sampleOf(directory, settings, table);
  const classNames = new Set(
    entries.flatMap((entry) => textsOf(entry, 'objectClass').map((name) => name.toLowerCase())),
  );
  if (classNames.size === 0 && schema.classes.has(table.toLowerCase())) classNames.add(table.toLowerCase());
  const classes = [...classNames].map((name) => ({ name, family: familyOf(schema, name) }));
  const of = new Set(classes.flatMap(({ family }) => [...family]));
  const everywhere = classes.filter(
    ({ name }) =>
      entries.length > 0 &&
      entries.every((entry) => textsOf(entry, 'objectClass').some((each) => each.toLowerCase() === name)),
  );
  const must = new Set(everywhere.flatMap(({ family }) => [...family].flatMap((each) => each.must)).map(lower));
  const present = new Set(
    entries.flatMap((entry) => [...entry.attributes.keys()].map((name) => name.replace(/;binary$/, ''))),
  );
  const named = [...of]
    .flatMap((each) => [...each.must, ...each.may])
    .map((name) => schema.attributes.get(lower(name))?.name ?? name);
  const operationals = operational.filter((name) => present.has(lower(name)));
  const unknown = [...present].filter(
    (name) => !schema.attributes.has(lower(name)) && !name.includes(';') && named.length === 0,
  );
  const isBinary = isBinaryBy(settings.binaryAttributes);
  const names = [...new Map([...named, ...operationals, ...unknown].map((name) => [lower(name), name])).values()]
    .filter(
      (name) =>
        !secrets.has(lower(name)) &&
        (!operationalOnly(schema, name) ||
          operational.some((each) => lower(each) === lower(name)) ||
          present.has(lower(name))),
    )
    .sort((a, b) => (lower(a) < lower(b) ? -1 : 1));
  const columns = names.map((name) => columnOf(schema, name, must.has(lower(name)), isBinary(name)));
  const own = ownColumns
    .filter((name) => name !== 'primaryGroupSid' || present.has('primarygroupid'))
    .map((name): DiscoveredColumn => ({
      name,
      type: 'string',
      multiValued: false,
      nullable: name === 'primaryGroupSid',
    }));
  const identity = identities.find((name) => present.has(lower(name)));
  const key = keyOf(entries);
  return {
    table,
    columns: [...own, ...columns],
    proposed: {
      columns: [...own, ...columns].map(({ name }) => name).filter((name) => isOwn(name) || present.has(lower(name))),
    },
    ...(key === undefined ? {} : { key: [schema.attributes.get(lower(key))?.name ?? key] }),
    ...(identity === undefined ? {} : { identity }),
  };
}

const lower = (text: string) => text.toLowerCase();

/** Nobody needs them in a copy. */
const secrets = new Set([
  'userpassword',
  'unicodepwd',
  'dbcspwd',
  'lmpwdhistory',
  'ntpwdhistory',
  'supplementalcredentials',
]);

const operationalOnly = (schema: Schema, name: string) => schema.attributes.get(lower(name))?.operational === true;

function columnOf(schema: Schema, name: string, required: boolean, binary: boolean): DiscoveredColumn {
  const type = schema.attributes.get(lower(name));
  const syntax = syntaxOf(schema, type);
  return {
    name: type?.name === undefined || type.name === '' ? name : type.name,
    type: binary ? 'binary' : (types.get(syntax ?? '') ?? 'string'),
    multiValued: type?.single !== true,
    nullable: !required && !identities.some((each) => lower(each) === lower(name)),
  };
}

function syntaxOf(schema: Schema, type: AttributeType | undefined): string | undefined {
  for (let at = type, depth = 0; at && depth < 20; depth++) {
    if (at.syntax !== undefined) return at.syntax;
    at = at.superior === undefined ? undefined : schema.attributes.get(lower(at.superior));
  }
  return undefined;
}

/** RFC 4517, 3.3 */
const dnSyntax = '1.3.6.1.4.1.1466.115.121.1.12';
const types: ReadonlyMap<string, DiscoveredColumn['type']> = new Map([
  ['1.3.6.1.4.1.1466.115.121.1.7', 'boolean'],
  ['1.3.6.1.4.1.1466.115.121.1.27', 'number'],
  ['1.2.840.113556.1.4.906', 'number'],
  ['1.3.6.1.4.1.1466.115.121.1.24', 'dateTime'],
  ['1.3.6.1.4.1.1466.115.121.1.28', 'binary'],
  ['1.3.6.1.4.1.1466.115.121.1.8', 'binary'],
  ['1.3.6.1.4.1.1466.115.121.1.5', 'binary'],
]);

/** Attributes that hold names of entries. */
export const namesEntries = (schema: Schema, attribute: string): boolean =>
  syntaxOf(schema, schema.attributes.get(lower(attribute))) === dnSyntax;

const candidates = ['sAMAccountName', 'uid', 'employeeNumber', 'cn', 'ou'];

/** The first likely attribute that every entry has, each with another value. */
function keyOf(entries: readonly Entry[]): string | undefined {
  if (entries.length === 0) return undefined;
  return candidates.find((name) => {
    const values = entries.map((entry) => textsOf(entry, name));
    return (
      values.every((each) => each.length === 1) &&
      new Set(values.flat().map((value) => value.toLowerCase())).size === values.length
    );
  });
}

/** The structural classes of entries, those that are below no other one of the entry. */
export function classesOf(schema: Schema, entries: readonly Entry[]): string[] {
  const found = new Map<string, number>();
  for (const entry of entries) {
    const names = textsOf(entry, 'objectClass').map((name) => schema.classes.get(lower(name)) ?? nothing);
    const structural = names.filter(({ structural: is }) => is);
    const lowest = structural.filter(
      (one) => !structural.some((other) => other !== one && familyOf(schema, other.name).has(one)),
    );
    for (const { name } of lowest) if (name !== '') found.set(name, (found.get(name) ?? 0) + 1);
  }
  return [...found].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
