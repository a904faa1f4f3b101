import { FormatError } from './format/value.ts';
import { foldKey } from './key.ts';
import type { BoundIdentity, EntityTypeMapping } from './mapping.ts';
import { characterFault, isLongerThan, longestKey } from './storable.ts';
import { itemsOf, onlyOf } from './structured-value.ts';

export function bindIdentity(
  type: EntityTypeMapping,
  index: ReadonlyMap<string, number>,
  keyColumns: ReadonlySet<string>,
): BoundIdentity | undefined {
  const { identity: property, key } = type;
  const at = index.get(property?.column ?? '');
  if (!property || at === undefined) return undefined;
  // a key of one property is stored folded
  const fold = property.caseInsensitive && isOnlyKey(type) ? foldKey : (text: string) => text;
  const keyAt = [...keyColumns].flatMap((column) => index.get(column) ?? []);
  return {
    of(row) {
      const cell = row.cells[at] ?? '';
      if (cell === '' || row.fault?.code === 'row-shape' || row.fault?.column === property.column) return undefined;
      try {
        const items = typeof cell === 'string' ? [cell] : itemsOf(cell);
        const value = onlyOf(
          items.flatMap((item) => property.structured.value(item) ?? []),
          property.pick,
        );
        const text = value === null ? '' : String(value);
        return text === '' || characterFault(text) || isLongerThan(text, longestKey) ? undefined : fold(text);
      } catch (error) {
        if (error instanceof FormatError) return undefined;
        throw error;
      }
    },
    namesKey: (row) => key.length > 0 && keyAt.some((each) => (row.cells[each] ?? '') !== ''),
  };
}

/** Whether the identity is the whole key. */
const isOnlyKey = ({ key, identity }: Pick<EntityTypeMapping, 'key' | 'identity'>): boolean =>
  key.length === 1 && key[0] === identity;
