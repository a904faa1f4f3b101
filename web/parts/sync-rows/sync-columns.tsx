import { Link } from '@tanstack/react-router';
import { hasEnded } from '../../model/status.ts';
import type { Sync } from '../../server/types.ts';
import { duration } from '../../words/time.ts';
import { ButtonLink } from '../button-link/button-link.tsx';
import type { Column } from '../data-table/data-table.tsx';
import { StatusMark } from '../status-mark/status-mark.tsx';
import { Time } from '../time/time.tsx';
import { ChangeCounts } from './change-counts.tsx';

/** The columns of a list of syncs. */
export const syncColumns: Column<Sync>[] = [
  {
    title: 'Sync',
    width: 'minmax(0, 1.5fr)',
    cell: ({ id, connector, mode, trigger, job, dryRun }) => (
      <>
        <Link to={`/syncs/${id}`}>
          <strong>{connector}</strong>
        </Link>
        <div className="dim small">
          {dryRun ? 'dry run, ' : ''}
          {mode}, {trigger.replaceAll('-', ' ')}
          {job === null ? '' : ` by ${job}`}
        </div>
      </>
    ),
  },
  // as wide as its longest word, "completed with errors"
  { title: 'Status', width: 'minmax(200px, 1.2fr)', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Changes', width: 'minmax(0, 1.3fr)', cell: (sync) => <ChangeCounts counters={sync.counters} /> },
  { title: 'Started', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    title: 'Took',
    width: '90px',
    cell: ({ startedAt, endedAt }) =>
      startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : <span className="dim">–</span>,
  },
  {
    title: 'Action',
    quiet: true,
    width: '110px',
    align: 'end',
    cell: ({ id, connector, status }) =>
      status === 'held' ? (
        <ButtonLink to={`/syncs/${id}/review`}>Review</ButtonLink>
      ) : (
        hasEnded(status) && (
          <Link to="/syncs/compare" search={{ second: id }}>
            Compare<span className="only-heard"> this sync of {connector} with the one before it</span>
          </Link>
        )
      ),
  },
];
