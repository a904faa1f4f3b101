import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import type { ProblemError } from '../../server/problem.ts';
import { executionQuery } from '../../server/queries/jobs.ts';
import type { Execution } from '../../server/types.ts';

type Result = Execution['results'][number];

const columns: Column<Result>[] = [
  { title: 'Connector', cell: ({ connector }) => <Link to={`/connectors/${connector}`}>{connector}</Link> },
  { title: 'Status', cell: ({ status }) => <StatusMark status={status} /> },
  {
    title: 'Result',
    width: 'minmax(0, 2fr)',
    cell: ({ syncId, reason, metSyncId }) => (
      <>
        {syncId !== null && <Link to={`/syncs/${syncId}`}>Open the sync</Link>}
        {reason !== null && (
          <div>
            {(reason.split(':')[0] ?? reason).replaceAll('-', ' ')}
            {metSyncId !== null && (
              <>
                {' – '}
                <Link to={`/syncs/${metSyncId}`}>the sync that was in the way</Link>
              </>
            )}
          </div>
        )}
      </>
    ),
  },
];

/** One execution of a job: a row a connector, with its result or the reason why it was left out. */
export function ExecutionPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(executionQuery(id));
  const path = [
    { to: '/jobs', name: 'Jobs' },
    { to: '/executions', name: 'Job Execution' },
  ];
  if (!data)
    return (
      <>
        <PageHead
          title={(error as ProblemError | null)?.status === 404 ? 'There is no such execution' : 'Execution'}
          tab="Execution"
          path={path}
        />
        {error ? <Problem error={error} retry={() => void refetch()} /> : <Loading rows={5} />}
      </>
    );
  return (
    <>
      <PageHead
        title={`Execution of ${data.job}`}
        tab={`${data.job} · execution`}
        path={path}
        mark={<StatusMark status={data.status} />}
      />
      <div className="stack">
        <Card title="About">
          <Facts>
            <Fact term="Job">
              <Link to={`/jobs/${data.job}`}>{data.job}</Link>
            </Fact>
            <Fact term="Mode">{data.mode ?? 'not begun'}</Fact>
            <Fact term="Started by">{data.startedBy.replace(/^user:/, '')}</Fact>
            <Fact term="Started">
              <Time at={data.createdAt} />
            </Fact>
            {data.reason !== null && <Fact term="Why">{data.reason.replaceAll('-', ' ')}</Fact>}
          </Facts>
        </Card>
        <Card title="Connectors" flush>
          {data.results.length === 0 ? (
            <Empty icon="connectors" title="No connector has been taken yet" />
          ) : (
            <DataTable label="Connectors" columns={columns} rows={data.results} rowKey={({ connector }) => connector} />
          )}
        </Card>
      </div>
    </>
  );
}
