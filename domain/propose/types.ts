import { toPointer } from '../fault.ts';
import type { Column, Guess, Table } from './discovered.ts';
import type { Draft } from './draft.ts';
import { findLinks } from './links.ts';
import { baseOf, capital, singularOf, typePart, unused } from './names.ts';
import { keyOf, labelOf, propertiesOf } from './properties.ts';

export interface ProposedTypes {
  entityTypes: Record<string, unknown>[];
  guesses: Guess[];
}

const longestColumn = 128;

/** Whether a connector file can name the column, and a value of it can be stored. */
const isUsable = ({ name, type }: Column): boolean =>
  type !== 'object' && name !== '' && name.length <= longestColumn && !/[\p{Cc}\p{Cs}]/u.test(name);

/**
 * Entity types for tables: a type a table, with a key, a label, a property a column, and the links that discovery found. All of it is
 * guessed, and each guess says why: a person reads the file before it is used.
 * @param structured whether the cells of the package have types
 */
export function proposeTypes(connector: string, tables: readonly Table[], structured: boolean): ProposedTypes {
  const taken = new Set<string>();
  const drafts = tables.flatMap((table) => draftOf(connector, table, structured, taken));
  const guesses: Guess[] = [];
  const entityTypes = drafts.map((draft, place) => {
    const guess = (path: string[], reason: string) =>
      guesses.push({ pointer: toPointer(['entityTypes', String(place), ...path]), reason });
    const nameOf = (column: string) => draft.properties.get(column)?.name ?? '';
    const { table, key, label } = draft;
    const identity = structured && key.columns[0] === table.identity ? key.columns[0] : undefined;
    guess(['key'], key.reason);
    if (label !== undefined) guess(['label'], `The column ${label} is named like what people call a row.`);
    const links = findLinks(draft, drafts, structured);
    for (const { name, reason } of links) guess(['navigationProperties', name], reason);
    const linked = new Set(links.map(({ column }) => column));
    const kept = [...draft.properties].filter(([column]) => !linked.has(column));
    return {
      name: draft.name,
      source: {
        connection: 'source',
        table: table.table,
        ...(identity === undefined ? {} : { identity: nameOf(identity) }),
      },
      key: key.columns.map(nameOf),
      ...(label === undefined || linked.has(label) ? {} : { label: nameOf(label) }),
      properties: Object.fromEntries(kept.map(([, { name, property }]) => [name, property])),
      ...(links.length === 0
        ? {}
        : { navigationProperties: Object.fromEntries(links.map(({ name, navigation }) => [name, navigation])) }),
    };
  });
  return { entityTypes, guesses };
}

function draftOf(connector: string, found: Table, structured: boolean, taken: Set<string>): Draft[] {
  const filled = found.proposed?.columns;
  const known = new Set([...(filled ?? []), ...(found.key ?? []), found.identity]);
  const columns = found.columns.filter((each) => isUsable(each) && (filled === undefined || known.has(each.name)));
  if (columns.length === 0) return [];
  const table = { ...found, columns };
  const singular = singularOf(baseOf(table.table));
  const key = keyOf(table, singular);
  const label = labelOf(table, singular);
  const prefix = typePart(connector);
  const name = `${/^[A-Za-z]/.test(prefix) ? prefix : `C${prefix}`}_${typePart(capital(singular))}`.slice(0, 58);
  const properties = propertiesOf(columns, { structured, single: key.columns, label });
  return [{ table, name: unused(name, taken), key, label, properties }];
}
