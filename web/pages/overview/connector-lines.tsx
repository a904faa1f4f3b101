import { Link } from '@tanstack/react-router';
import { Strip } from '../../parts/bars/bars.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import type { ConnectorStatus } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './overview.module.css';

const columns: Column<ConnectorStatus>[] = [
  {
    title: 'Connector',
    width: 'minmax(0, 1.4fr)',
    cell: (each) => (
      <span className={styles.name}>
        <Link to={`/connectors/${each.connector}`}>{each.displayName}</Link>
        {!each.active && <span className={styles.dim}> · not active</span>}
      </span>
    ),
  },
  {
    title: 'Now',
    width: 'minmax(0, 1.2fr)',
    cell: (each) => {
      if (each.heldSync) return <StatusMark status="held" />;
      if (!each.runningSync) return <span className={styles.dim}>idle</span>;
      return (
        <Link to={`/syncs/${each.runningSync.syncId}`}>
          <StatusMark
            status={each.runningSync.status}
            words={`${each.runningSync.status}${each.runningSync.phase ? `: ${each.runningSync.phase}` : ''}`}
          />
        </Link>
      );
    },
  },
  {
    title: 'Last success',
    cell: (each) =>
      each.lastSuccess ? (
        <Link to="/" search={{ syncStatus: each.connector }} resetScroll={false}>
          <Time at={each.lastSuccess.at} />
          <span className="only-heard">, Sync Status of {each.displayName}</span>
        </Link>
      ) : (
        <span className={styles.dim}>never</span>
      ),
  },
  {
    title: 'Next sync',
    cell: (each) => (each.nextSync ? <Time at={each.nextSync.at} /> : <span className={styles.dim}>none planned</span>),
  },
  {
    title: 'Open errors',
    width: '96px',
    align: 'end',
    cell: (each) =>
      each.openErrors === 0 ? (
        <span className={styles.dim}>0</span>
      ) : (
        <Link to="/errors" search={{ connector: each.connector }}>
          {count(each.openErrors)}
        </Link>
      ),
  },
  {
    title: 'Last results',
    width: '124px',
    cell: ({ lastResults }) => <Strip results={lastResults.map(({ status }) => status).reverse()} />,
  },
];

/** A line a connector: how it goes, since when, what comes next. */
export function ConnectorLines({ items }: { items: readonly ConnectorStatus[] }) {
  return (
    <div className={styles.frame}>
      <DataTable
        label="Connectors"
        columns={columns}
        rows={items}
        rowKey={({ connector }) => connector}
        tone={({ heldSync, lastSync }) => (heldSync ? 'warn' : lastSync?.status === 'failed' ? 'danger' : undefined)}
      />
    </div>
  );
}
