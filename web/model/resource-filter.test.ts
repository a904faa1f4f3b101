import { expect, test } from 'vitest';
import { nextSort, resourceFilter, titledFilters } from './resource-filter.ts';
import { parseSearch, resourcesSearch, writeSearch } from './search-schemas.ts';

const read = (address: string) => resourcesSearch.parse(parseSearch(address));

test('filters of properties are read from the address as the API has them, and written back', () => {
  const address = '?q=a&filter[site]=Rome&filter[site]=Bern&filter[mail][null]=true&sort=-name&managed=true&utm=x';
  const filter = resourceFilter(read(address));
  expect(filter).toEqual({
    q: 'a',
    'filter[site]': ['Rome', 'Bern'],
    'filter[mail][null]': 'true',
    managed: 'true',
  });
  expect(resourceFilter(read(writeSearch(filter)))).toEqual(filter);
});

test('a filter is called by its property, and never by the name of another filter', () => {
  const { shown, nameOf } = titledFilters({
    managed: 'true',
    'filter[managed]': 'no',
    'filter[site]': 'Rome',
    'filter[mail][null]': 'false',
  });
  expect(shown).toEqual({ managed: 'true', 'filter[managed]': 'no', site: 'Rome', 'mail is empty': 'false' });
  expect(Object.keys(shown).map(nameOf)).toEqual(['managed', 'filter[managed]', 'filter[site]', 'filter[mail][null]']);
});

test('the order goes up, down, and back to what it was', () => {
  expect(nextSort(undefined, 'name')).toBe('name');
  expect(nextSort('-site', 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
  expect(nextSort('-name', 'name')).toBeUndefined();
});
