import { linkSpecs, propertyName, typeName, type Source } from './serial-world.ts';

/**
 * What is stored, as a set of facts: `<Type> <key> = <attributes>` of a resource, `<Type>.<link> <source> > <key>@<Type>` of a
 * link. Two states are the same where their facts are.
 */
export interface State {
  /** By connector and key: the attributes, as JSON with sorted names. */
  resources: ReadonlyMap<string, string>[];
  /** By `<Type>.<link>`: `<source> > <key>@<Type>`. */
  links: ReadonlyMap<string, ReadonlySet<string>>;
  /** By `<Type>.<link>` that matches a badge: `<source> > <value>` of what matched nothing when it was last compared. */
  dangling: ReadonlyMap<string, ReadonlySet<string>>;
}

export const link = (source: string, target: string) => `${source} > ${target}`;
const ends = (text: string) => text.split(' > ') as [string, string];
export const targetOf = (type: string, key: string) => `${key}@${type}`;

/** JSON with the names in order, as the model and the database both write it. */
export function attributesOf(attributes: Record<string, unknown>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))));
}

export function factsOf(state: State): string[] {
  const facts: string[] = [];
  state.resources.forEach((of, connector) => {
    for (const [key, attributes] of of) facts.push(`${typeName(connector)} ${key} = ${attributes}`);
  });
  for (const [property, all] of state.links) for (const each of all) facts.push(`${property} ${each}`);
  return facts.sort();
}

/** What a state has and no fact tells: it decides what the next sync does. */
export const memoryOf = (state: State): string[] =>
  [...state.dangling].flatMap(([property, all]) => [...all].map((each) => `${property} ${each}`)).sort();

/**
 * What a complete sync that nothing disturbs makes of a state, by the model's rules: resources become those of the file,
 * links go with either end, a value that resolves to exactly one resource is a link, and a mono-valued link whose new
 * value does not resolve keeps its stored target. Where a badge newly matches nothing, the links of its source stay, and
 * where it matches several resources, the links to these.
 */
export function syncAlone(state: State, connector: number, source: Source): State {
  const before = state.resources[connector] ?? new Map<string, string>();
  const after = new Map<string, string>();
  for (const [key, { name, badge }] of source)
    after.set(key, attributesOf({ id: key, name, ...(badge === '' ? {} : { badge }) }));
  const gone = new Set([...before.keys()].filter((key) => !after.has(key)));
  const goneTargets = new Set([...gone].map((key) => targetOf(typeName(connector), key)));
  const resources = state.resources.map((each, n) => (n === connector ? after : each));
  const links = new Map(state.links);
  const dangling = new Map(state.dangling);
  linkSpecs.forEach((specs, owner) => {
    for (const spec of specs) {
      if (owner !== connector && !spec.to.includes(connector)) continue;
      const property = propertyName(owner, spec);
      const kept = [...(links.get(property) ?? [])].filter((each) => {
        const [from, to] = ends(each);
        return !(owner === connector && gone.has(from)) && !goneTargets.has(to);
      });
      links.set(property, new Set(kept));
    }
  });
  for (const spec of linkSpecs[connector] ?? []) {
    const property = propertyName(connector, spec);
    const found = new Set<string>();
    const now = new Set<string>();
    const matchers = spec.to.map((n) => matcher(typeName(n), resources[n] ?? new Map<string, string>(), spec.by));
    const matching = (value: string) => matchers.flatMap((each) => each(value));
    for (const [key, { values }] of source)
      for (const value of values[spec.name] ?? []) {
        const matches = matching(value);
        const stored = [...(links.get(property) ?? [])].filter((each) => ends(each)[0] === key);
        if (matches.length === 0 && spec.by) now.add(link(key, value));
        const isNew = spec.by !== undefined && !state.dangling.get(property)?.has(link(key, value));
        if (matches.length === 1) found.add(link(key, matches[0] ?? ''));
        else if (spec.kind === 'one' || (matches.length === 0 && isNew)) for (const each of stored) found.add(each);
        else for (const each of stored) if (matches.includes(ends(each)[1])) found.add(each);
      }
    links.set(property, found);
    if (spec.by) dangling.set(property, now);
  }
  return { resources, links, dangling };
}

function matcher(
  type: string,
  targets: ReadonlyMap<string, string>,
  by: 'badge' | undefined,
): (value: string) => string[] {
  if (!by) return (value) => (targets.has(value) ? [targetOf(type, value)] : []);
  const keys = new Map<string, string[]>();
  for (const [key, attributes] of targets) {
    const value = (JSON.parse(attributes) as { badge?: string }).badge;
    if (value !== undefined) keys.set(value, [...(keys.get(value) ?? []), targetOf(type, key)]);
  }
  return (value) => keys.get(value) ?? [];
}

/** One sync of a round, and what it has to come after in any order that is told of as serial. */
export interface Step {
  connector: number;
  source: Source;
  /** Places in the list of steps: of its connector before it, and of all that had ended before it began. */
  after: number[];
}

/** Every state that some serial order of the steps ends in; orders that come to the same state on the way are one. */
export function serialEnds(start: State, steps: readonly Step[]): { state: State; order: number[] }[] {
  let front = new Map<string, { state: State; order: number[] }>([['', { state: start, order: [] }]]);
  for (let n = 0; n < steps.length; n++) {
    const next = new Map<string, { state: State; order: number[] }>();
    for (const { state, order } of front.values())
      steps.forEach((step, place) => {
        if (order.includes(place) || !step.after.every((each) => order.includes(each))) return;
        const done = syncAlone(state, step.connector, step.source);
        const taken = [...order, place];
        const id = `${[...taken].sort((a, b) => a - b).join()}\n${[...factsOf(done), ...memoryOf(done)].join('\n')}`;
        if (!next.has(id)) next.set(id, { state: done, order: taken });
      });
    front = next;
  }
  return [...front.values()];
}
