import type { Random } from './random.ts';

/** People, groups, and things that belong to either: what a directory says, and what a complete sync makes of it. */

export const types = ['Person', 'Group'] as const;
type Type = (typeof types)[number];

export interface Thing {
  owner: string;
  contact: string;
  watchers: string[];
  /** Rows of the link table beside this thing. */
  users: string[];
}

export interface Directory {
  /** By type and key: the mail address, empty for none. */
  people: Record<Type, ReadonlyMap<string, string>>;
  things: ReadonlyMap<string, Thing>;
}

/** Both types have the same keys and the same addresses now and then, so that values are ambiguous. */
const keys = ['K0', 'K1', 'K2', 'K3', 'K4', 'K5', 'K6'];
const mails = keys.map((key) => `${key.toLowerCase()}@x`);
const things = ['T0', 'T1', 'T2', 'T3', 'T4', 'T5'];

export const empty: Directory = { people: { Person: new Map(), Group: new Map() }, things: new Map() };

export function evolve(before: Directory, random: Random): Directory {
  const people = (type: Type) => {
    const after = new Map<string, string>();
    for (const key of keys) {
      const old = before.people[type].get(key);
      if (old === undefined ? random.chance(0.6) : random.chance(0.2)) continue;
      after.set(key, old !== undefined && !random.chance(0.25) ? old : random.chance(0.1) ? '' : random.pick(mails));
    }
    return after.size > 0 ? after : before.people[type];
  };
  const after = new Map<string, Thing>();
  for (const key of things) {
    const old = before.things.get(key);
    if (old && random.chance(0.15)) continue;
    const keep = old && random.chance(0.5) ? old : undefined;
    after.set(key, {
      owner: keep?.owner ?? (random.chance(0.15) ? '' : random.pick(keys)),
      contact: keep?.contact ?? (random.chance(0.15) ? '' : random.pick(mails)),
      watchers: keep?.watchers ?? random.some(mails, random.between(0, 3)),
      users: keep?.users ?? random.some(keys, random.between(0, 3)),
    });
  }
  return { people: { Person: people('Person'), Group: people('Group') }, things: after };
}

export const toFiles = ({ people, things: all }: Directory): Record<string, string> => ({
  ...Object.fromEntries(
    types.map((type) => [
      `${type}.csv`,
      ['id,mail', ...[...people[type]].map(([key, mail]) => `${key},${mail}`), ''].join('\n'),
    ]),
  ),
  'things.csv': [
    'id,owner,contact,watchers',
    ...[...all].map(([key, { owner, contact, watchers }]) => [key, owner, contact, watchers.join(';')].join(',')),
    '',
  ].join('\n'),
  'users.csv': [
    'thing,user',
    ...[...all].flatMap(([key, { users }]) => users.map((user) => `${key},${user}`)),
    '',
  ].join('\n'),
});

export const navigations = ['owner', 'contact', 'watchers', 'users'] as const;
export type Navigation = (typeof navigations)[number];
const isMono = (navigation: Navigation) => navigation === 'owner' || navigation === 'contact';
const isByMail = (navigation: Navigation) => navigation === 'contact' || navigation === 'watchers';

export interface Links {
  /** By navigation property: `<thing> > <Type> <key>`. */
  stored: Record<Navigation, ReadonlySet<string>>;
  /** What matched nothing when it was last compared: `<thing> > <value>`. */
  dangling: ReadonlySet<string>;
}

export const noLinks: Links = {
  stored: { owner: new Set(), contact: new Set(), watchers: new Set(), users: new Set() },
  dangling: new Set(),
};

/** The links after a complete sync of the directory, by the rules of the model. @param was the directory of the sync before */
export function linksAfter(before: Links, was: Directory, now: Directory): Links {
  const exists = (end: string) => {
    const [type, key] = end.split(' ') as [Type, string];
    return now.people[type].has(key);
  };
  const dangling = new Set<string>();
  const stored = { ...noLinks.stored };
  for (const navigation of navigations) {
    const found = new Set<string>();
    for (const [thing, says] of now.things) {
      const link = (end: string) => `${thing} > ${end}`;
      const known = [...before.stored[navigation]].filter(
        (each) => each.startsWith(`${thing} > `) && exists(each.slice(thing.length + 3)),
      );
      for (const value of [says[navigation]].flat().filter((each) => each !== '')) {
        const having = ({ people }: Directory) =>
          types.flatMap((type) =>
            [...people[type]]
              .filter(([key, mail]) => (isByMail(navigation) ? mail : key) === value)
              .map(([key]) => `${type} ${key}`),
          );
        const matches = having(now);
        const isNew = isByMail(navigation) && !before.dangling.has(`${navigation} ${link(value)}`);
        if (matches.length === 0 && isByMail(navigation)) dangling.add(`${navigation} ${link(value)}`);
        const [only] = matches;
        if (only !== undefined && matches.length === 1) found.add(link(only));
        else if (isMono(navigation) || (matches.length === 0 && isNew)) for (const each of known) found.add(each);
        else if (matches.length > 1)
          // a target that has, or had, an ambiguous value stays one
          for (const each of known) if ([...matches, ...having(was)].some((end) => link(end) === each)) found.add(each);
      }
    }
    stored[navigation] = found;
  }
  return { stored, dangling };
}

/** What a sync counts of a navigation property. */
export function countsOf(navigation: Navigation, before: ReadonlySet<string>, after: ReadonlySet<string>) {
  const come = [...after].filter((each) => !before.has(each));
  const go = [...before].filter((each) => !after.has(each));
  const thing = (each: string) => each.split(' > ')[0];
  const moved = isMono(navigation) ? come.filter((each) => go.some((other) => thing(other) === thing(each))).length : 0;
  return { stored: before.size, inserted: come.length - moved, updated: moved, deleted: go.length - moved };
}
