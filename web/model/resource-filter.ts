import type { ResourcesSearch } from './search-schemas.ts';

/** Which resources a list has, as the API names it: `q`, `filter[property]`, `filter[property][null]`, `managed`, `asOf`. */
export type ResourceFilter = Record<string, string | string[]>;

const ofProperty = /^filter\[([^\]]+)\](\[null\])?$/;
const own = ['q', 'managed', 'asOf'] as const;

/** The parts of an address that filter. The order of the list is none of them. */
export function resourceFilter(search: ResourcesSearch): ResourceFilter {
  const found: ResourceFilter = {};
  for (const [name, value] of Object.entries(search))
    if (value !== undefined && ((own as readonly string[]).includes(name) || ofProperty.test(name)))
      found[name] = value;
  return found;
}

export const valueFilter = (property: string): string => `filter[${property}]`;
export const emptyFilter = (property: string): string => `filter[${property}][null]`;

/** How a filter is called: its property, or its own name where the property has that of another filter. */
export function filterTitle(name: string): string {
  const [, property, empty] = ofProperty.exec(name) ?? [];
  if (property === undefined || (own as readonly string[]).includes(property)) return name;
  return empty === undefined ? property : `${property} is empty`;
}

/** The filters by how they are called, and which each of these is. */
export function titledFilters(filter: ResourceFilter): { shown: ResourceFilter; nameOf: (title: string) => string } {
  const names = new Map(Object.keys(filter).map((name) => [filterTitle(name), name]));
  return {
    shown: Object.fromEntries([...names].map(([title, name]) => [title, filter[name] ?? ''])),
    nameOf: (title) => names.get(title) ?? title,
  };
}

/** The next order when a title is pressed: up, down, and as it was. */
export const nextSort = (sort: string | undefined, property: string): string | undefined =>
  sort === property ? `-${property}` : sort === `-${property}` ? undefined : property;
