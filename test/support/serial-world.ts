/** Eight connectors that link to each other, and files for them that change from round to round. */

/** A mono-valued link in a column, a multi-valued one in a column, or one with a table of its own. */
export interface LinkSpec {
  name: string;
  to: number;
  kind: 'one' | 'many' | 'table';
  by?: 'badge';
}

/** By connector: some pairs lead to each other, some values match a badge instead of the key. */
export const linkSpecs: readonly (readonly LinkSpec[])[] = [
  [{ name: 'boss', to: 0, kind: 'one' }],
  [
    { name: 'home', to: 0, kind: 'one' },
    { name: 'peers', to: 2, kind: 'many' },
  ],
  [{ name: 'back', to: 1, kind: 'one' }],
  [{ name: 'owner', to: 0, kind: 'one', by: 'badge' }],
  [
    { name: 'lead', to: 3, kind: 'one' },
    { name: 'seat', to: 5, kind: 'one', by: 'badge' },
  ],
  [{ name: 'members', to: 4, kind: 'table' }],
  [
    { name: 'pair', to: 7, kind: 'one' },
    { name: 'boss', to: 6, kind: 'one' },
  ],
  [
    { name: 'pair', to: 6, kind: 'one' },
    { name: 'likes', to: 0, kind: 'many' },
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

/** A generator of chances that is the same for the same seed (mulberry32). */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  shuffled<T>(of: readonly T[]): T[] {
    return of
      .map((each) => ({ each, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
  }
}

/** The files of a connector a round later: items go and come back, links move, values are passed on. */
export function evolve(connector: number, before: Source, chance: Chance): Source {
  const after = new Map<string, Item>();
  for (const key of keys) {
    const old = before.get(key);
    if (old ? chance.happens(0.25) : chance.happens(0.45)) continue;
    const values: Item['values'] = {};
    for (const link of linkSpecs[connector] ?? []) {
      const kept = old?.values[link.name];
      values[link.name] = kept && !chance.happens(0.4) ? kept : drawValues(link, chance);
    }
    after.set(key, {
      name: old && !chance.happens(0.3) ? old.name : `Name ${String(chance.below(1000))}`,
      badge: old && !chance.happens(0.3) ? old.badge : chance.happens(0.1) ? '' : chance.one(badges),
      values,
    });
  }
  // without any row the sync would be held
  return after.size > 0 ? after : before;
}

function drawValues(link: LinkSpec, chance: Chance): string[] {
  const all = link.by ? badges : keys;
  if (link.kind === 'one') return chance.happens(0.15) ? [] : [chance.one(all)];
  return chance.shuffled(all).slice(0, 1 + chance.below(3));
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
              to: typeName(to),
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
