import { byName, own } from '../chosen-names.ts';
import type { Counters } from '../sync.ts';
import type { Usual, UsualFigure } from './body.ts';

type Operations = Record<'deleted' | 'updated' | 'inserted', number>;

/**
 * What syncs did, of the types and links that a change set has. A sync in which a type came for the first time says nothing
 * of what is usual for that type.
 * @param earlier the counters of earlier syncs
 * @param counters of the change set
 */
export function usualOf(earlier: readonly Counters[], counters: Counters): Usual {
  const usual: Usual = { syncs: earlier.length, counters: byName() };
  for (const [name, type] of Object.entries(counters)) {
    const known = earlier.flatMap((each) => own(each, name) ?? []).filter(({ stored }) => stored > 0);
    if (known.length === 0) continue;
    const links: Usual['counters'][string]['links'] = byName();
    for (const property of Object.keys(type.links)) {
      const each = known.flatMap((counted) => own(counted.links, property) ?? []).filter(({ stored }) => stored > 0);
      if (each.length > 0) links[property] = figuresOf(each);
    }
    usual.counters[name] = { ...figuresOf(known), links };
  }
  return usual;
}

function figuresOf(counted: readonly Operations[]): Record<keyof Operations, UsualFigure> {
  const of = (operation: keyof Operations) => figure(counted.map((each) => each[operation]));
  return { deleted: of('deleted'), updated: of('updated'), inserted: of('inserted') };
}

/** The median of an even number of figures is the mean of the middle two. */
function figure(figures: readonly number[]): UsualFigure {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { median: (low + high) / 2, max: sorted.at(-1) ?? 0 };
}
