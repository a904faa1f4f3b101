import type { Summary } from '../server/types.ts';

export interface UsualRow {
  name: string;
  today: number;
  median: number;
  max: number;
  /** Today it is more than it ever was. */
  unusual: boolean;
}

const operations = ['deleted', 'updated', 'inserted'] as const;
const words = { deleted: 'deletes', updated: 'updates', inserted: 'inserts' };
const ofOperation = { deleted: 'delete', updated: 'update', inserted: 'insert' };

/** The counters that are or were not 0, with what they usually are. */
export function usualRows({ usual, groups }: Pick<Summary, 'usual' | 'groups'>): UsualRow[] {
  const today = (type: string, navigation: string | null, operation: string) =>
    groups.find(
      (group) =>
        group.entityType === type &&
        group.transition === null &&
        group.operation === operation &&
        group.kind === (navigation === null ? 'resource' : 'link') &&
        group.property === navigation,
    )?.lines ?? 0;
  const rows: UsualRow[] = [];
  for (const [type, figures] of Object.entries(usual.counters)) {
    for (const operation of operations)
      rows.push(rowOf(`${type} ${words[operation]}`, today(type, null, ofOperation[operation]), figures[operation]));
    for (const [navigation, link] of Object.entries(figures.links))
      for (const operation of operations)
        rows.push(
          rowOf(
            `${type}.${navigation} ${words[operation]}`,
            today(type, navigation, ofOperation[operation]),
            link[operation],
          ),
        );
  }
  return rows.filter((row) => row.today > 0 || row.max > 0);
}

const rowOf = (name: string, today: number, { median, max }: { median: number; max: number }): UsualRow => ({
  ...{ name, today, median, max },
  unusual: today > max,
});
