import { plain, singularOf, baseOf } from './names.ts';
import type { Draft } from './draft.ts';

interface Link {
  column: string;
  /** Of the navigation property. */
  name: string;
  navigation: Record<string, unknown>;
  reason: string;
}

/** The links of a table to others of the proposal: those that discovery found, else those that the names of columns tell. */
export function findLinks(draft: Draft, drafts: readonly Draft[], structured: boolean): Link[] {
  const links = new Map<string, Link>();
  for (const [column, named] of byColumn(draft)) {
    const each = named.flatMap(({ table, by }) => {
      const to = drafts.find((other) => other.table.table === table);
      const link = to && linkTo(draft, to, column, by, structured);
      return link ? [{ link, table, by }] : [];
    });
    const [first] = each;
    if (!first) continue;
    // One navigation property matches the same property of all its targets. What names the keys of several tables at once, as
    // foreign keys may, would be ambiguous in all of them.
    const by = first.link.navigation['by'];
    const same = by === undefined ? [first] : each.filter(({ link }) => link.navigation['by'] === by);
    const to = same.map(({ link }) => link.navigation['to']);
    links.set(column, {
      ...first.link,
      navigation: { ...first.link.navigation, to: to.length > 1 ? to : to[0] },
      reason: `The source says, or shows, that ${column} names a row of ${same.map(({ table }) => table).join(' or ')} by ${first.by}.`,
    });
  }
  for (const { name: column } of draft.table.columns) {
    const to = links.has(column) ? undefined : drafts.find((each) => each !== draft && isNamedAfter(column, each));
    const by = to?.key.columns[0];
    const link = to && by !== undefined ? linkTo(draft, to, column, by, structured) : undefined;
    if (link)
      links.set(column, {
        ...link,
        reason: `The column ${column} is named after ${to?.table.table ?? ''} and its key ${by ?? ''}. Check that it holds that key.`,
      });
  }
  return [...links.values()];
}

/** The tables that discovery has found for a column, by column. */
function byColumn({ table: { links = [] } }: Draft): Map<string, { table: string; by: string }[]> {
  const found = new Map<string, { table: string; by: string }[]>();
  for (const { column, table, by } of links) found.set(column, [...(found.get(column) ?? []), { table, by }]);
  return found;
}

/** `department_id` beside a table `departments` whose key is `id`. */
function isNamedAfter(column: string, { table, key }: Draft): boolean {
  const [first, ...more] = key.columns;
  if (first === undefined || more.length > 0) return false;
  const singular = plain(singularOf(baseOf(table.table)));
  const own = plain(first).startsWith(singular) ? plain(first) : `${singular}${plain(first)}`;
  return plain(column) === own;
}

function linkTo(
  draft: Draft,
  to: Draft,
  column: string,
  by: string,
  structured: boolean,
): Omit<Link, 'reason'> | undefined {
  const own = draft.properties.get(column);
  const matched = to.properties.get(by);
  // what is in the key stays a property
  if (!own || !matched || draft.key.columns.includes(column)) return undefined;
  const isList = draft.table.columns.some(({ name, multiValued }) => name === column && multiValued === true);
  if (matched.property['multiValued'] === true || (isList && !structured)) return undefined;
  const isKey = to.key.columns.length === 1 && to.key.columns[0] === by;
  return {
    column,
    name: own.name,
    navigation: {
      to: to.name,
      column,
      ...(isKey ? {} : { by: matched.name }),
      ...(isList ? { multiValued: true } : {}),
    },
  };
}
