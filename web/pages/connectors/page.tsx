import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import { connectorsQuery } from '../../server/queries/connectors.ts';
import { statusQuery } from '../../server/queries/status.ts';
import type { Connector, ConnectorStatus } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { MapCard } from './map-card.tsx';

const columnsWith = (status: ReadonlyMap<string, ConnectorStatus>): Column<Connector>[] => [
  {
    title: 'Connector',
    width: 'minmax(0, 1.6fr)',
    cell: ({ name, displayName }) => (
      <>
        <Link to={`/connectors/${name}`}>
          <strong>{displayName}</strong>
        </Link>
        {displayName !== name && <div className="dim small">{name}</div>}
      </>
    ),
  },
  { title: 'Jobs take it', cell: ({ active }) => <StatusMark status={active ? 'active' : 'not active'} /> },
  { title: 'Modes', cell: ({ modes }) => modes.join(', ') },
  {
    title: 'Objects',
    width: '90px',
    align: 'end',
    cell: ({ name }) =>
      count((status.get(name)?.entityTypes ?? []).reduce((sum, { counts }) => sum + counts.impacted, 0)),
  },
  {
    title: 'Open errors',
    width: '96px',
    align: 'end',
    cell: ({ name }) => {
      const errors = status.get(name)?.openErrors ?? 0;
      if (errors === 0) return <span className="dim">0</span>;
      return (
        <Link to="/errors" search={{ connector: name }}>
          {count(errors)}
        </Link>
      );
    },
  },
  {
    title: 'Revision',
    width: '110px',
    cell: ({ revision, activeRevision }) => (
      <>
        {activeRevision ?? '–'}
        {revision !== activeRevision && <div className="small dim">newest {revision}, not in use</div>}
      </>
    ),
  },
  {
    title: 'Last sync',
    width: 'minmax(0, 1.4fr)',
    cell: ({ name, displayName, lastSync, runningSync }) => {
      const shown = runningSync ?? lastSync;
      return shown === null ? (
        <span className="dim">never</span>
      ) : (
        <>
          <Link to={`/syncs/${shown.id}`} className="tall">
            <StatusMark status={shown.status} />
          </Link>
          <div className="small dim">
            <Link to="/connectors" search={{ syncStatus: name }} resetScroll={false} className="tall">
              <Time at={shown.endedAt ?? shown.createdAt} />
              <span className="only-heard">, Sync Status of {displayName}</span>
            </Link>
          </div>
        </>
      );
    },
  },
];

export function Connectors() {
  const connectors = useQuery(connectorsQuery);
  const status = useQuery(statusQuery);
  const byName = new Map((status.data ?? []).map((each) => [each.connector, each]));
  return (
    <>
      <PageHead
        title="Connectors"
        tab="Connectors"
        actions={
          <>
            <ButtonLink to="/new/file">New from file</ButtonLink>
            <ButtonLink to="/new" filled>
              Connect a system
            </ButtonLink>
          </>
        }
      />
      <div className="stack">
        <Card flush>
          <Answered query={connectors} rows={6}>
            {(items) =>
              items.length === 0 ? (
                <Empty icon="connectors" title="No system is connected yet">
                  <Link to="/new">Connect one</Link>, or <Link to="/new/file">bring a connector file</Link>:{' '}
                  <code>./syncline apply connector.yaml</code> does the same.
                </Empty>
              ) : (
                <DataTable label="Connectors" columns={columnsWith(byName)} rows={items} rowKey={({ name }) => name} />
              )
            }
          </Answered>
        </Card>
        {(connectors.data?.length ?? 0) > 0 && <MapCard />}
      </div>
      <p className="pad dim">
        <Link to="/packages">The systems that can be connected</Link>
      </p>
    </>
  );
}
