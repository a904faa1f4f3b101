import type { Random } from './random.ts';

/** Eight connectors that link to each other, and files for them that change from round to round. */

/** A mono-valued link in a column, a multi-valued one in a column, or one with a table of its own. */
export interface LinkSpec {
  name: string;
  /** With several, a value may match something in each of them. */
  to: readonly number[];
  kind: 'one' | 'many' | 'table';
  by?: 'badge';
}

/** By connector: some pairs lead to each other, some values match a badge instead of the key, some lead to two types. */
export const linkSpecs: readonly (readonly LinkSpec[])[] = [
  [{ name: 'boss', to: [0], kind: 'one' }],
  [
    { name: 'home', to: [0], kind: 'one' },
    { name: 'peers', to: [2], kind: 'many' },
  ],
  [
    { name: 'back', to: [1], kind: 'one' },
    { name: 'crew', to: [3], kind: 'table', by: 'badge' },
  ],
  [{ name: 'owner', to: [0], kind: 'one', by: 'badge' }],
  [
    { name: 'lead', to: [3], kind: 'one' },
    { name: 'seat', to: [5, 2], kind: 'one', by: 'badge' },
  ],
  [{ name: 'members', to: [4, 6], kind: 'table', by: 'badge' }],
  [
    { name: 'pair', to: [7], kind: 'one' },
    { name: 'boss', to: [6], kind: 'one' },
    { name: 'mates', to: [5], kind: 'many', by: 'badge' },
  ],
  [
    { name: 'pair', to: [6], kind: 'one' },
    { name: 'likes', to: [0, 3], kind: 'many' },
  ],
];

export const connectorNames = linkSpecs.map((_, n) => `s${String(n)}`);
export const typeName = (connector: number) => `s${String(connector)}_Item`;
export const propertyName = (connector: number, link: LinkSpec) => `${typeName(connector)}.${link.name}`;

export interface Item {
  name: string;
  /** Empty for none. */
  badge: string;
  /** By link: the values in its column; of a table: the targets beside this source. */
  values: Record<string, string[]>;
}
/** What a connector's files say, by key. */
export type Source = ReadonlyMap<string, Item>;

const keys = Array.from({ length: 9 }, (_, n) => `K${String(n)}`);
const badges = Array.from({ length: 11 }, (_, n) => `b${String(n)}`);

/** The files of a connector a round later: items go and come back, links move, values are passed on. */
export function evolve(connector: number, before: Source, random: Random): Source {
  const after = new Map<string, Item>();
  for (const key of keys) {
    const old = before.get(key);
    if (old ? random.chance(0.25) : random.chance(0.45)) continue;
    const values: Item['values'] = {};
    for (const link of linkSpecs[connector] ?? []) {
      const kept = old?.values[link.name];
      values[link.name] = kept && !random.chance(0.4) ? kept : drawValues(link, random);
    }
    after.set(key, {
      name: old && !random.chance(0.3) ? old.name : `Name ${String(random.between(0, 999))}`,
      badge: old && !random.chance(0.3) ? old.badge : random.chance(0.1) ? '' : random.pick(badges),
      values,
    });
  }
  // without any row the sync would be held
  return after.size > 0 ? after : before;
}

function drawValues(link: LinkSpec, random: Random): string[] {
  const all = link.by ? badges : keys;
  if (link.kind === 'one') return random.chance(0.15) ? [] : [random.pick(all)];
  return random.some(all, random.between(1, 3));
}

/** The files as CSV. */
export function toFiles(connector: number, source: Source): Record<string, string> {
  const links = linkSpecs[connector] ?? [];
  const columns = links.filter(({ kind }) => kind !== 'table');
  const rows = [...source].map(([key, { name, badge, values }]) =>
    [key, name, badge, ...columns.map((link) => (values[link.name] ?? []).join(';'))].join(','),
  );
  const files: Record<string, string> = {
    'items.csv': [['id', 'name', 'badge', ...columns.map(({ name }) => name)].join(','), ...rows, ''].join('\n'),
  };
  for (const link of links.filter(({ kind }) => kind === 'table'))
    files[`${link.name}.csv`] = [
      'item,target',
      ...[...source].flatMap(([key, { values }]) => (values[link.name] ?? []).map((value) => `${key},${value}`)),
      '',
    ].join('\n');
  return files;
}

/** @param withLinks false where the types that they lead to are not there yet */
export function toConnectorFile(connector: number, thresholds: Record<string, number>, withLinks = true) {
  const links = withLinks ? (linkSpecs[connector] ?? []) : [];
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: connectorNames[connector],
    thresholds,
    connections: [{ name: 'files', package: 'csv', settings: { directory: connectorNames[connector] } }],
    entityTypes: [
      {
        name: typeName(connector),
        source: { connection: 'files', table: 'items.csv' },
        key: ['id'],
        properties: { id: { column: 'id' }, name: { column: 'name' }, badge: { column: 'badge' } },
        navigationProperties: Object.fromEntries(
          links.map(({ name, to, kind, by }) => [
            name,
            {
              to: to.length > 1 ? to.map(typeName) : typeName(to[0] ?? 0),
              ...(by ? { by } : {}),
              ...(kind === 'table'
                ? { table: `${name}.csv`, sourceColumn: 'item', targetColumn: 'target', multiValued: true }
                : { column: name, ...(kind === 'many' ? { multiValued: true, separator: ';' } : {}) }),
            },
          ]),
        ),
      },
    ],
  };
}
