import { targetsOf, type ConnectorFile } from './connector-file.ts';

/** A connector of an execution, and those that it waits for. */
export interface Step {
  connector: string;
  /** Connectors of the same execution that its links lead to, except those that lead back to it. */
  after: string[];
}

/**
 * The order in which connectors are synchronised: each after the connectors that its links lead to, so that the targets
 * exist. Connectors whose links form a circle have no order among themselves and do not wait for each other. Otherwise by
 * name.
 */
export function linkOrder(connectors: { name: string; file: Pick<ConnectorFile, 'entityTypes'> }[]): Step[] {
  const byName = [...connectors].sort((a, b) => (a.name < b.name ? -1 : 1));
  const owners = new Map(
    byName.flatMap(({ name, file }) => file.entityTypes.map((type) => [type.name, name] as const)),
  );
  const leadsTo = new Map(
    byName.map(({ name, file }) => {
      const targets = file.entityTypes.flatMap((type) =>
        Object.values(type.navigationProperties)
          .flatMap(targetsOf)
          .flatMap((to) => owners.get(to) ?? []),
      );
      return [name, [...new Set(targets)].filter((target) => target !== name).sort()] as const;
    }),
  );
  const circleOf = new Map<string, number>();
  const order: string[] = [];
  circles(leadsTo).forEach((circle, i) => {
    for (const name of circle.sort()) {
      circleOf.set(name, i);
      order.push(name);
    }
  });
  return order.map((connector) => ({
    connector,
    after: (leadsTo.get(connector) ?? []).filter((target) => circleOf.get(target) !== circleOf.get(connector)),
  }));
}

/**
 * Strongly connected components; a component comes before the components whose links lead to it (Tarjan 1972). The
 * search has a stack of its own, because a chain of thousands of connectors would overflow the call stack.
 */
function circles(leadsTo: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];
  const lower = (name: string, to: number) => low.set(name, Math.min(low.get(name) ?? to, to));
  for (const root of leadsTo.keys()) {
    if (index.has(root)) continue;
    const path: { name: string; next: number }[] = [{ name: root, next: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { name } = top;
      if (top.next === 0) {
        index.set(name, index.size);
        low.set(name, index.size - 1);
        open.push(name);
        isOpen.add(name);
      }
      const target = leadsTo.get(name)?.[top.next++];
      if (target !== undefined) {
        if (!index.has(target)) path.push({ name: target, next: 0 });
        else if (isOpen.has(target)) lower(name, index.get(target) ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above) lower(above.name, low.get(name) ?? 0);
      if (low.get(name) !== index.get(name)) continue;
      const circle = open.splice(open.indexOf(name));
      for (const each of circle) isOpen.delete(each);
      found.push(circle);
    }
  }
  return found;
}
