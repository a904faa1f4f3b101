import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectorFile } from './connector-file.ts';
import { linkOrder } from './link-order.ts';

/** A connector with one entity type, whose links lead to those of others. */
function connector(name: string, ...to: string[]) {
  const links = Object.fromEntries(to.map((target, i) => [`link${String(i)}`, { to: `${target}_Type` }]));
  return {
    name,
    file: { entityTypes: [{ name: `${name}_Type`, navigationProperties: links }] } as unknown as ConnectorFile,
  };
}

describe('the order of connectors', () => {
  it('has those first that links lead to', () => {
    expect(linkOrder([connector('ad', 'hr'), connector('hr', 'org'), connector('org')])).toEqual([
      { connector: 'org', after: [] },
      { connector: 'hr', after: ['org'] },
      { connector: 'ad', after: ['hr'] },
    ]);
  });

  it('passes over links to itself and to connectors that are not part of it', () => {
    expect(linkOrder([connector('a', 'a', 'elsewhere')])).toEqual([{ connector: 'a', after: [] }]);
  });

  it('has none within a circle, which waits for what it leads to and comes before what leads to it', () => {
    const order = linkOrder([connector('b', 'a', 'z'), connector('a', 'b'), connector('z'), connector('c', 'a')]);
    expect(order).toEqual([
      { connector: 'z', after: [] },
      { connector: 'a', after: [] },
      { connector: 'b', after: ['z'] },
      { connector: 'c', after: ['a'] },
    ]);
  });

  it('stands long chains', () => {
    const chain = Array.from({ length: 5_000 }, (_, i) => connector(`c${String(i)}`, `c${String(i + 1)}`));
    expect(linkOrder(chain).at(0)?.connector).toBe('c4999');
  });

  it('has each connector once, after all that it waits for, whatever the links', () => {
    const names = fc.integer({ min: 0, max: 9 }).map((n) => `c${String(n)}`);
    const graph = fc.array(fc.array(names, { maxLength: 4 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(graph, (targets) => {
        const connectors = targets.map((to, i) => connector(`c${String(i)}`, ...to));
        const order = linkOrder(connectors);
        expect(order.map((step) => step.connector).sort()).toEqual(connectors.map(({ name }) => name).sort());
        const place = new Map(order.map((step, i) => [step.connector, i]));
        const reach = closure(targets);
        order.forEach((step, i) => {
          const mine = Number(step.connector.slice(1));
          for (const each of step.after) expect(place.get(each)).toBeLessThan(i);
          // it waits for every target, but those from which there is a way back
          const wanted = new Set(
            (targets[mine] ?? [])
              .map((target) => Number(target.slice(1)))
              .filter((target) => target < targets.length && target !== mine && !reach[target]?.has(mine)),
          );
          expect(new Set(step.after.map((each) => Number(each.slice(1))))).toEqual(wanted);
        });
      }),
    );
  });
});

/** Which can be reached from which. */
function closure(targets: string[][]): Set<number>[] {
  return targets.map((_, from) => {
    const seen = new Set<number>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const target of targets[at] ?? []) {
        const next = Number(target.slice(1));
        if (next >= targets.length || seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    return seen;
  });
}
