import type { SyncScope } from '../domain/sync.ts';
import type { DiffInput } from '../repository/diff-input.ts';
import { leadsTo } from '../repository/link-targets.ts';
import type { DiffResult } from '../repository/diff.ts';
import type { Filtered, FiltersCompared } from '../repository/filters.ts';

/** The entity types and link properties that a sync would delete of. */
export function deletingOf(input: DiffInput, result: DiffResult): Filtered[] {
  const names = new Map(input.types.map(({ id, name }) => [id, name]));
  const loses = (found: Map<number, { deleted: number }>) => (each: { id: number }) =>
    (found.get(each.id)?.deleted ?? 0) > 0;
  return [
    ...input.types.filter(loses(result.types)).map(({ id, name }) => ({ id, entityType: name })),
    ...input.links.flatMap((link) =>
      leadsTo(link)
        .filter(loses(result.links))
        .map(({ id }) => ({ id, entityType: names.get(link.entityType) ?? '', property: link.name })),
    ),
  ];
}

/**
 * What a sync compares whole, so that its filters are accepted once it is applied: complete and not limited within the
 * type, the table read to its end, no delete withheld.
 */
export function comparedWhole(scope: SyncScope | null, input: DiffInput, result: DiffResult): FiltersCompared {
  const { keys, operations, managedOnly, users } = scope ?? {};
  if (input.mode !== 'complete' || keys || operations || managedOnly || users) return { types: [], links: [] };
  const whole = (found: Map<number, { withheld: number }>) => (each: { id: number; certified: boolean }) =>
    each.certified && found.get(each.id)?.withheld === 0;
  return {
    types: input.types.filter(whole(result.types)).map(({ id }) => id),
    links: input.links
      .filter((link) => leadsTo(link).every(({ id }) => whole(result.links)({ id, certified: link.certified })))
      .flatMap((link) => leadsTo(link).map(({ id }) => id)),
  };
}
