import type { ChangesSearch } from '../../model/search-schemas.ts';

const names = [
  'entityType',
  'kind',
  'operation',
  'property',
  'key',
  'keyPrefix',
  'state',
  'cause',
  'group',
  'hold',
] as const;

/** The filters of the address as the API names them; `type` and `op` are short for two of them. */
export function toQuery(search: ChangesSearch): Partial<Record<(typeof names)[number], string>> {
  const full = { ...search, entityType: search.entityType ?? search.type, operation: search.operation ?? search.op };
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = full[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
