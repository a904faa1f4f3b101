import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { JobDialog } from '../../dialogs/job-dialog.tsx';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import { jobsQuery } from '../../server/queries/jobs.ts';
import type { Job } from '../../server/types.ts';
import { cronWords } from '../../words/cron.ts';

const columns: Column<Job>[] = [
  {
    title: 'Job',
    width: 'minmax(0, 1.3fr)',
    cell: ({ name, builtin }) => (
      <>
        <Link to={`/jobs/${name}`}>
          <strong>{name}</strong>
        </Link>
        {builtin && <div className="dim small">came with Syncline</div>}
      </>
    ),
  },
  {
    title: 'Does',
    width: 'minmax(0, 1.4fr)',
    cell: ({ mode, connectors, managedOnly }) => (
      <>
        {mode}
        <div className="dim small">
          {connectors[0] === '*' ? 'every active connector' : connectors.join(', ')}
          {managedOnly && ', managed resources only'}
        </div>
      </>
    ),
  },
  {
    title: 'When',
    width: 'minmax(0, 1.4fr)',
    cell: ({ cron, timezone }) => (
      <>
        {cronWords(cron)}
        <div className="dim small">
          <code>{cron}</code> {timezone}
        </div>
      </>
    ),
  },
  {
    title: 'Next',
    cell: ({ paused, nextRuns }) =>
      paused ? (
        <StatusMark status="paused" />
      ) : nextRuns[0] ? (
        <Time at={nextRuns[0]} />
      ) : (
        <span className="dim">never</span>
      ),
  },
  {
    title: 'Last execution',
    width: 'minmax(0, 1.3fr)',
    cell: ({ lastExecution }) =>
      lastExecution ? (
        <Link to={`/executions/${lastExecution.id}`}>
          <StatusMark status={lastExecution.status} />
        </Link>
      ) : (
        <span className="dim">none yet</span>
      ),
  },
];

export function Jobs() {
  const navigate = useNavigate();
  const jobs = useQuery(jobsQuery);
  const [adds, setAdds] = useState(false);
  return (
    <>
      <PageHead
        title="Jobs"
        tab="Jobs"
        actions={
          <>
            <ButtonLink to="/executions">Job Execution</ButtonLink>
            <Button
              onClick={() => {
                setAdds(true);
              }}
            >
              New job
            </Button>
          </>
        }
      />
      <Card flush>
        <Answered query={jobs} rows={5}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon="jobs" title="There is no job">
                A job synchronises connectors by a schedule.
              </Empty>
            ) : (
              <DataTable label="Jobs" columns={columns} rows={items} rowKey={({ name }) => name} />
            )
          }
        </Answered>
      </Card>
      {adds && (
        <JobDialog
          onClose={() => {
            setAdds(false);
          }}
          done={(job) => void navigate({ to: `/jobs/${(job as Job).name}` })}
        />
      )}
    </>
  );
}
