import type { CatalogProperty, EntityTypeRow } from '../repository/catalog.ts';
import type { BrowseQuery } from '../repository/browse-query.ts';
import { invalid } from './problems.ts';

/**
 * Reads `q`, `filter[prop]`, `filter[prop][null]` and `sort`.
 * @throws Problem naming the unknown parameter or property
 */
export function readBrowseQuery(
  type: EntityTypeRow,
  { q, sort, ...rest }: { q?: string | undefined; sort?: string | undefined } & Record<string, unknown>,
): Omit<BrowseQuery, 'after'> {
  const query: Omit<BrowseQuery, 'after'> = { q, filters: [], absent: [] };
  for (const [name, value] of Object.entries(rest)) {
    const match = /^filter\[([^\]]+)\](\[null\])?$/.exec(name);
    if (!match)
      throw invalid(`/${name}`, `${name} is not a parameter of this route. Write a filter as filter[property]=value.`);
    const property = propertyOf(type, match[1] ?? '', name);
    const values = (Array.isArray(value) ? value : [value]).map(String);
    if (match[2] === undefined) query.filters.push({ property, values });
    else {
      const wanted = values.at(-1);
      if (wanted !== 'true' && wanted !== 'false') throw invalid(`/${name}`, `${name} has to be true or false.`);
      query.absent.push({ property, absent: wanted === 'true' });
    }
  }
  if (sort !== undefined) {
    const descending = sort.startsWith('-');
    query.sort = { property: propertyOf(type, descending ? sort.slice(1) : sort, 'sort'), descending };
  }
  return query;
}

function propertyOf(type: EntityTypeRow, name: string, parameter: string): CatalogProperty {
  const property = type.properties.find((each) => each.name === name);
  if (!property)
    throw invalid(
      `/${parameter}`,
      `${type.name} has no property ${name}. It has ${type.properties.map((each) => each.name).join(', ')}.`,
    );
  return property;
}
