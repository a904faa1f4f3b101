import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { typesQuery } from '../../server/queries/resources.ts';
import type { EntityType } from '../../server/types.ts';
import { count } from '../../words/count.ts';

const columns: Column<EntityType>[] = [
  {
    title: 'Entity type',
    width: 'minmax(0, 1.5fr)',
    cell: ({ name, displayName, retired }) => (
      <>
        <Link to={`/types/${name}`}>
          <strong>{displayName}</strong>
        </Link>
        <div className="dim small">
          {name}
          {retired && ', retired'}
        </div>
      </>
    ),
  },
  { title: 'Connector', cell: ({ connector }) => <Link to={`/connectors/${connector}`}>{connector}</Link> },
  { title: 'Resources', align: 'end', cell: ({ counts }) => count(counts.resources) },
  {
    title: 'Links',
    width: 'minmax(0, 1.3fr)',
    cell: ({ counts }) => {
      const links = Object.entries(counts.links);
      return links.length === 0 ? (
        <span className="dim">none</span>
      ) : (
        links.map(([name, n]) => (
          <div key={name}>
            <span className="dim">{name}</span> {count(n)}
          </div>
        ))
      );
    },
  },
];

export function Types() {
  const types = useQuery(typesQuery);
  return (
    <>
      <PageHead title="Resources" tab="Resources" />
      <Card flush>
        <Answered query={types} rows={6}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon="resources" title="There is no entity type yet">
                They come with connectors: <Link to="/new">connect a system</Link>.
              </Empty>
            ) : (
              <DataTable label="Entity types" columns={columns} rows={items} rowKey={({ name }) => name} />
            )
          }
        </Answered>
      </Card>
    </>
  );
}
