import type { Attributes } from '../../write-package.ts';
import { isNothing, setAt, valueAt, wholePath, written, type Resource, type ScimPath } from './paths.ts';

/** Bodies of requests that change a resource. */

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const patchOf = (operations: readonly object[]) => ({ schemas: [patchSchema], Operations: operations });

export type Differences = readonly (readonly [ScimPath, Attributes[string]])[];

/** Whether the resource has to be known: one item of a list is changed together with the others. */
export const needsResource = (differences: Differences): boolean =>
  differences.some(([{ item }]) => item !== undefined);

/**
 * One operation an attribute. A list with another item is replaced as a whole: services refuse a filter that finds no item, and some
 * take any filter for no change.
 * @param resource undefined if no difference needs it
 */
export function operationsOf(differences: Differences, resource: Resource | undefined): object[] {
  const operations = new Map<string, object>();
  const changed = structuredClone(resource ?? {});
  for (const [path, value] of differences) {
    const whole = wholePath(path);
    if (path.item) {
      setAt(changed, path, value);
      const of = path.extension === undefined ? changed : changed[path.extension];
      const list = (of as Resource | undefined)?.[path.attribute];
      operations.set(whole, list === undefined ? remove(whole) : replace(whole, list));
    } else {
      const text = path.sub === undefined ? whole : `${whole}.${path.sub}`;
      operations.set(text, isNothing(value) ? remove(text) : replace(text, written(path, value)));
    }
  }
  return [...operations.values()];
}

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const remove = (path: string) => ({ op: 'remove', path });

/** The resource as a whole with other values; what the service made itself is left out. */
export function replacementOf(resource: Resource, differences: Differences): Resource {
  const { meta: _meta, groups: _groups, ...whole } = structuredClone(resource);
  for (const [path, value] of differences) setAt(whole, path, value);
  const extensions = differences.flatMap(([{ extension }, value]) =>
    extension !== undefined && !isNothing(value) ? [extension] : [],
  );
  return { ...whole, schemas: [...new Set([...schemasOf(resource), ...extensions])] };
}

const schemasOf = ({ schemas }: Resource): string[] =>
  Array.isArray(schemas) ? schemas.filter((each): each is string => typeof each === 'string') : [];

/** A new resource. */
export function creationOf(schema: string, values: Differences, own: Resource): Resource {
  const resource: Resource = { ...own };
  for (const [path, value] of values) if (!isNothing(value)) setAt(resource, path, value);
  const extensions = values.flatMap(([{ extension }, value]) =>
    extension !== undefined && !isNothing(value) ? [extension] : [],
  );
  return { schemas: [schema, ...new Set(extensions)], ...resource };
}

/** The values of a resource that a profile maps. */
export const attributesOf = (resource: Resource, paths: readonly ScimPath[]): Attributes =>
  Object.fromEntries(
    paths.flatMap((path) => {
      const value = valueAt(resource, path);
      return isNothing(value) ? [] : [[path.text, value]];
    }),
  );
