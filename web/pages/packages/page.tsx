import { useQuery } from '@tanstack/react-query';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { packagesQuery } from '../../server/queries/connectors.ts';
import type { Package } from '../../server/types.ts';

const yes = (is: boolean) => (is ? 'yes' : <span className="dim">no</span>);

const columns: Column<Package>[] = [
  {
    title: 'Identity store',
    width: 'minmax(0, 2.4fr)',
    cell: ({ displayName, description }) => (
      <>
        <strong>{displayName}</strong>
        <div className="dim small">{description}</div>
      </>
    ),
  },
  { title: 'Inbound', width: '80px', cell: ({ inbound }) => yes(inbound) },
  { title: 'Outbound', width: '90px', cell: ({ outbound }) => yes(outbound) },
  { title: 'Incremental', width: '100px', cell: ({ capabilities }) => yes(capabilities.incremental) },
  { title: 'Sync frequency', cell: ({ syncFrequency }) => syncFrequency },
];

/** The systems that can be connected. */
export function Packages() {
  const packages = useQuery(packagesQuery);
  return (
    <>
      <PageHead
        title="Identity stores"
        tab="Identity stores"
        path={[{ to: '/connectors', name: 'Connectors' }]}
        actions={
          <ButtonLink to="/new" filled>
            Connect
          </ButtonLink>
        }
      />
      <Card flush>
        <Answered query={packages} rows={6}>
          {({ items }) => (
            <DataTable label="Identity stores" columns={columns} rows={items} rowKey={({ name }) => name} />
          )}
        </Answered>
      </Card>
    </>
  );
}
