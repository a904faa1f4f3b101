import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { DeleteJobDialog } from '../../dialogs/delete-job-dialog.tsx';
import { JobDialog } from '../../dialogs/job-dialog.tsx';
import { Strip } from '../../parts/bars/bars.tsx';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { executionColumns } from '../../parts/execution-rows/execution-columns.tsx';
import { NextRuns } from '../../parts/next-runs/next-runs.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { pauseJob, runJob } from '../../server/actions.ts';
import type { ProblemError } from '../../server/problem.ts';
import { executionsQuery, jobQuery } from '../../server/queries/jobs.ts';
import type { Execution, Job } from '../../server/types.ts';
import { cronWords } from '../../words/cron.ts';

export function JobPage() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const navigate = useNavigate();
  const job = useQuery(jobQuery(name));
  const executions = useInfiniteQuery(executionsQuery({ job: name }));
  const [dialog, setDialog] = useState<'run' | 'pause' | 'edit' | 'delete'>();
  const path = [{ to: '/jobs', name: 'Jobs' }];
  if (!job.data)
    return (
      <>
        <PageHead
          title={(job.error as ProblemError | null)?.status === 404 ? `There is no job ${name}` : name}
          tab={name}
          path={path}
        />
        {job.error ? <Problem error={job.error} retry={() => void job.refetch()} /> : <Loading rows={6} />}
      </>
    );
  const { data } = job;
  const lastResults = (executions.data?.pages[0]?.items ?? [])
    .filter(({ endedAt }) => endedAt !== null)
    .slice(0, 14)
    .map(({ status }) => status)
    .reverse();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <>
      <PageHead
        title={name}
        tab={name}
        path={path}
        mark={data.paused && <StatusMark status="paused" />}
        actions={
          <>
            <Button
              variant="default"
              onClick={() => {
                setDialog('edit');
              }}
            >
              Edit
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setDialog('delete');
              }}
            >
              Delete
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setDialog('pause');
              }}
            >
              {data.paused ? 'Unpause' : 'Pause'}
            </Button>
            <Button
              onClick={() => {
                setDialog('run');
              }}
            >
              Run
            </Button>
          </>
        }
      />
      <div className="stack">
        <Card title="Schedule">
          <Facts>
            <Fact term="Mode">{data.mode}</Fact>
            <Fact term="Connectors">
              {data.connectors[0] === '*' ? 'every active connector' : data.connectors.join(', ')}
              {data.managedOnly && ' (managed resources only)'}
            </Fact>
            <Fact term="When">
              {cronWords(data.cron)} <span className="dim">in {data.timezone}</span> <code>{data.cron}</code>
            </Fact>
            <Fact term="If the last one still runs">
              {data.overlap === 'skip' ? 'the new one is skipped' : 'the new one waits'}
            </Fact>
            {data.pauseNote !== null && <Fact term="Why it is paused">{data.pauseNote}</Fact>}
          </Facts>
        </Card>
        <Card title="Next runs">
          {data.paused ? (
            <p className="dim">None while it is paused.</p>
          ) : (
            <NextRuns runs={data.nextRuns} timezone={data.timezone} />
          )}
        </Card>
        <Card title="Job Execution" actions={<Strip results={lastResults} />} flush>
          <Answered query={executions} rows={4}>
            {({ pages }) => {
              const rows = pages.flatMap(({ items }) => items);
              return rows.length === 0 ? (
                <Empty icon="jobs" title="It has not run yet" />
              ) : (
                <DataTable
                  label="Job Execution"
                  columns={executionColumns}
                  rows={rows}
                  rowKey={({ id }) => id}
                  more={{
                    wanted: executions.hasNextPage,
                    loading: executions.isFetchingNextPage,
                    load: () => executions.fetchNextPage(),
                  }}
                />
              );
            }}
          </Answered>
        </Card>
      </div>
      {dialog === 'run' && <RunDialog job={data} onClose={close} />}
      {dialog === 'pause' && <PauseDialog job={data} onClose={close} />}
      {dialog === 'edit' && <JobDialog job={data} onClose={close} />}
      {dialog === 'delete' && (
        <DeleteJobDialog job={data} onClose={close} done={() => void navigate({ to: '/jobs' })} />
      )}
    </>
  );
}

function RunDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title={`Run ${job.name} now`}
      verb="Run"
      onClose={onClose}
      act={(key) => runJob(job.name, key)}
      done={(execution) => void navigate({ to: `/executions/${(execution as Execution).id}` })}
    >
      <p>
        Starts a {job.mode} sync of {job.connectors[0] === '*' ? 'every active connector' : job.connectors.join(', ')}.
        Thresholds hold for each of them.
      </p>
    </ConfirmDialog>
  );
}

function PauseDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      title={job.paused ? `Unpause ${job.name}` : `Pause ${job.name}`}
      verb={job.paused ? 'Unpause' : 'Pause'}
      onClose={onClose}
      act={(key) => pauseJob(job.name, !job.paused, note, key)}
    >
      {job.paused ? (
        <p>It runs again by its schedule.</p>
      ) : (
        <>
          <p>It does not run by its schedule until somebody unpauses it. It can still be run by hand.</p>
          <TextInput
            label="Why"
            maxLength={2000}
            value={note}
            onChange={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
        </>
      )}
    </ConfirmDialog>
  );
}
