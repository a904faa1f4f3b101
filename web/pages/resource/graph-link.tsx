import { Link } from '@tanstack/react-router';
import { Value } from '../../parts/value/value.tsx';
import type { Graph } from '../../server/types.ts';
import { keyToParam } from '../../words/key.ts';

/** A resource of the graph. A long label is cut: a long value would have a button of its own, which cannot stand in a link. */
export function GraphLink({ node: { entityType, key, label, distance } }: { node: Graph['nodes'][number] }) {
  return (
    <Link
      to={`/types/${entityType}/$key`}
      params={{ key: keyToParam(key) }}
      aria-label={`Open ${label} (${entityType})`}
      aria-current={distance === 0 ? 'page' : undefined}
    >
      <Value value={label.slice(0, 120)} />
    </Link>
  );
}
