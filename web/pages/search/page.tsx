import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { Value } from '../../parts/value/value.tsx';
import { searchQuery } from '../../server/queries/resources.ts';
import { keyToParam, keyWords } from '../../words/key.ts';

interface Found {
  entityType: string;
  key: string[];
  label: string;
}

const columns: Column<Found>[] = [
  {
    title: 'Resource',
    width: 'minmax(0, 1.5fr)',
    cell: ({ entityType, key, label }) => (
      <Link to={`/types/${entityType}/$key`} params={{ key: keyToParam(key) }}>
        <Value value={label} />
      </Link>
    ),
  },
  { title: 'Key', cell: ({ key }) => <Value value={keyWords(key)} /> },
  { title: 'Entity type', cell: ({ entityType }) => <Link to={`/types/${entityType}`}>{entityType}</Link> },
];

/** Resources of all types that begin with what was typed. */
export function Search() {
  const { q = '' }: { q?: string } = useSearch({ strict: false });
  const found = useQuery(searchQuery(q));
  return (
    <>
      <PageHead title="Search" tab="Search" />
      <Card flush>
        {q.trim() === '' ? (
          <Empty icon="search" title="Type a name or a key into the field above" />
        ) : (
          <Answered query={found} rows={5}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty icon="search" title="Nothing that is stored fits">
                  Searched for <Value value={q} />
                </Empty>
              ) : (
                <DataTable
                  label="Search"
                  columns={columns}
                  rows={items}
                  rowKey={({ entityType, key }) => `${entityType} ${keyToParam(key)}`}
                />
              )
            }
          </Answered>
        )}
      </Card>
    </>
  );
}
