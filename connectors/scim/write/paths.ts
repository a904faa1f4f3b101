import type { AttributeValue } from '../../write-package.ts';

/** Paths of attributes as RFC 7644 writes them (3.10), and the values that a resource has there. */

export type Resource = Record<string, unknown>;

export interface ScimPath {
  /** As the profile writes it. */
  text: string;
  /** The URN of an extension; undefined for the schema of the resource itself. */
  extension: string | undefined;
  attribute: string;
  /** Which item of a list: all pairs hold. */
  item: Readonly<Record<string, string | boolean>> | undefined;
  sub: string | undefined;
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const core = /^urn:ietf:params:scim:schemas:core:2\.0:(User|Group)$/i;
const shape = /^(?:(urn:[^\s[\]"]+):)?([A-Za-z$][\w$-]*)(?:\[(.+)\])?(?:\.([A-Za-z$][\w$-]*))?$/;
const pair = /^([A-Za-z$][\w$-]*)\s+eq\s+(?:"((?:[^"\\]|\\.)*)"|(true|false))$/i;

/** Lists whose items are objects with a `value`. */
const lists = new Set(
  'emails phoneNumbers ims photos addresses entitlements roles x509Certificates groups members'.split(' '),
);

/** @returns undefined if it is no path, or a filter that a value cannot be written by */
export function parsePath(text: string): ScimPath | undefined {
  const [, urn, attribute = '', filter, sub] = shape.exec(text) ?? [];
  if (attribute === '') return undefined;
  const item = filter === undefined ? undefined : parseItem(filter);
  if (filter !== undefined && !item) return undefined;
  // the manager is named by its id; the short form is that of the enterprise extension
  const isManager = attribute === 'manager' && (urn === undefined || urn === enterprise);
  const extension = isManager ? enterprise : urn === undefined || core.test(urn) ? undefined : urn;
  return { text, extension, attribute, item, sub: sub ?? (isManager || item ? 'value' : undefined) };
}

function parseItem(filter: string): ScimPath['item'] {
  const pairs = filter.split(/\s+and\s+/i).map((each) => pair.exec(each.trim()));
  if (pairs.some((each) => each === null)) return undefined;
  return Object.fromEntries(
    pairs.map((each): [string, string | boolean] => {
      const [, name = '', quoted, bool] = each ?? [];
      return [name, bool === undefined ? (quoted ?? '').replace(/\\(.)/g, '$1') : bool.toLowerCase() === 'true'];
    }),
  );
}

/** The path of the attribute as a whole, as a request names it. */
export const wholePath = ({ extension, attribute }: ScimPath): string =>
  extension === undefined ? attribute : `${extension}:${attribute}`;

const isObject = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of attributes have no case. */
function nameIn(of: Resource, name: string): string {
  if (Object.hasOwn(of, name)) return name;
  return Object.keys(of).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
}

const at = (of: unknown, name: string): unknown => (isObject(of) ? of[nameIn(of, name)] : undefined);

const holds = (item: NonNullable<ScimPath['item']>) => (found: unknown) =>
  Object.entries(item).every(([name, wanted]) => {
    const value = at(found, name);
    return typeof value === 'string' && typeof wanted === 'string'
      ? value.toLowerCase() === wanted.toLowerCase()
      : value === wanted;
  });

const valueOf = (found: unknown): AttributeValue =>
  typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? found : null;

/** @returns null if the resource has no value there */
export function valueAt(resource: Resource, { extension, attribute, item, sub }: ScimPath): AttributeValue {
  const found = at(extension === undefined ? resource : at(resource, extension), attribute);
  if (Array.isArray(found)) {
    if (item) return valueOf(at(found.find(holds(item)), sub ?? 'value'));
    const values = found.map((each) => valueOf(isObject(each) ? at(each, sub ?? 'value') : each));
    return values.filter((each) => each !== null) as string[];
  }
  return valueOf(isObject(found) ? at(found, sub ?? 'value') : found);
}

export const isNothing = (value: AttributeValue | undefined): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** A value as requests write that of a whole attribute. */
export function written({ attribute, extension }: ScimPath, value: AttributeValue): unknown {
  if (extension !== undefined || !lists.has(attribute)) return value;
  const values = Array.isArray(value) ? value : [value];
  return values.map((each: unknown) => ({ value: each }));
}

/** Sets one value, or takes it away, in a resource that is the caller's own. */
export function setAt(resource: Resource, path: ScimPath, value: AttributeValue): void {
  const { extension, attribute, item, sub } = path;
  let container = resource;
  if (extension !== undefined) {
    const name = nameIn(resource, extension);
    const found = resource[name];
    container = isObject(found) ? found : {};
    resource[name] = container;
  }
  const name = nameIn(container, attribute);
  const nothing = isNothing(value);
  if (item) container[name] = itemsWith(container[name], item, sub ?? 'value', nothing ? null : value);
  else if (sub !== undefined) {
    const found = container[name];
    const whole: Resource = isObject(found) ? found : {};
    if (nothing) Reflect.deleteProperty(whole, nameIn(whole, sub));
    else whole[nameIn(whole, sub)] = value;
    container[name] = whole;
  } else container[name] = nothing ? undefined : written(path, value);
  const now = container[name];
  const empty = Array.isArray(now) ? now.length === 0 : isObject(now) && Object.keys(now).length === 0;
  if (now === undefined || empty) Reflect.deleteProperty(container, name);
  if (extension !== undefined && Object.keys(container).length === 0)
    Reflect.deleteProperty(resource, nameIn(resource, extension));
}

/** The items of a list with another value in one of them, or without it. */
function itemsWith(found: unknown, item: NonNullable<ScimPath['item']>, sub: string, value: AttributeValue): unknown[] {
  const items: unknown[] = Array.isArray(found) ? [...(found as unknown[])] : [];
  const index = items.findIndex(holds(item));
  const old = items[index];
  if (value === null) {
    if (index < 0) return items;
    // what is left of an item without its value says nothing
    if (sub === 'value' || !isObject(old)) items.splice(index, 1);
    else Reflect.deleteProperty(old, nameIn(old, sub));
    return items;
  }
  if (isObject(old)) items[index] = { ...old, [nameIn(old, sub)]: value };
  else items.push({ ...item, [sub]: value });
  return items;
}
