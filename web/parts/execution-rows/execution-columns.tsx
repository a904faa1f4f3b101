import { Link } from '@tanstack/react-router';
import type { Execution } from '../../server/types.ts';
import { counted } from '../../words/count.ts';
import { duration } from '../../words/time.ts';
import type { Column } from '../data-table/data-table.tsx';
import { StatusMark } from '../status-mark/status-mark.tsx';
import { Time } from '../time/time.tsx';

/** The columns of a list of executions of jobs. */
export const executionColumns: Column<Execution>[] = [
  {
    title: 'Execution',
    width: 'minmax(0, 1.3fr)',
    cell: ({ id, job, trigger }) => (
      <>
        <Link to={`/executions/${id}`}>
          <strong>{job}</strong>
        </Link>
        <div className="dim small">{trigger}</div>
      </>
    ),
  },
  { title: 'Status', width: 'minmax(0, 1.2fr)', cell: ({ status }) => <StatusMark status={status} /> },
  { title: 'Connectors', cell: ({ results }) => counted(results.length, 'connector') },
  { title: 'Started', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    title: 'Took',
    width: '100px',
    cell: ({ startedAt, endedAt }) =>
      startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : <span className="dim">–</span>,
  },
];
