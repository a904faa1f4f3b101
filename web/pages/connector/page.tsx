import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { syncColumns } from '../../parts/sync-rows/sync-columns.tsx';
import { connectorQuery } from '../../server/queries/connectors.ts';
import { jobsQuery } from '../../server/queries/jobs.ts';
import { statusQuery } from '../../server/queries/status.ts';
import { latestQuery } from '../../server/queries/syncs.ts';
import type { ProblemError } from '../../server/problem.ts';
import { Icon } from '../../theme/icons.tsx';
import { cronWords } from '../../words/cron.ts';
import { ago } from '../../words/time.ts';
import { ActionDialog, type ConnectorAction } from './action-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { Connections } from './connections.tsx';
import { LimitSummary } from './limit-summary.tsx';
import { TypeFrame } from './type-frame.tsx';

/** The page of a connector: what it is made of, what can be started, how the last syncs went. */
export function ConnectorPage() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const navigate = useNavigate();
  const connector = useQuery(connectorQuery(name));
  const status = useQuery(statusQuery);
  const latest = useQuery(latestQuery(name));
  const jobs = useQuery(jobsQuery);
  const [action, setAction] = useState<ConnectorAction>();
  const [deletes, setDeletes] = useState(false);
  const of = status.data?.find((each) => each.connector === name);
  if (!connector.data)
    return (
      <>
        <PageHead
          title={(connector.error as ProblemError | null)?.status === 404 ? `There is no connector ${name}` : name}
          tab={name}
          path={[{ to: '/connectors', name: 'Connectors' }]}
        />
        {connector.error ? (
          <Problem error={connector.error} retry={() => void connector.refetch()} />
        ) : (
          <Loading rows={8} />
        )}
      </>
    );
  const { data } = connector;
  const showStatus = () =>
    void navigate({ to: `/connectors/${name}`, search: { syncStatus: name }, resetScroll: false });
  const taken = (jobs.data?.items ?? []).filter(({ connectors }) => connectors.includes(name) || connectors[0] === '*');
  return (
    <>
      <PageHead
        title={data.displayName}
        tab={name}
        path={[{ to: '/connectors', name: 'Connectors' }]}
        mark={<StatusMark status={data.active ? 'active' : 'not active'} />}
        actions={
          <>
            <ButtonLink to="/syncs" search={{ connector: name }}>
              Job Results
            </ButtonLink>
            <Button
              variant="default"
              onClick={() => {
                setAction(data.active ? 'deactivate' : 'activate');
              }}
            >
              {data.active ? 'Deactivate' : 'Activate'}
            </Button>
            <ButtonLink to={`/connectors/${name}/file`}>Edit</ButtonLink>
            <Button
              variant="default"
              onClick={() => {
                setAction('reload');
              }}
            >
              Reload
            </Button>
            <Menu position="bottom-end" withinPortal={false}>
              <Menu.Target>
                <Button variant="default" rightSection={<Icon name="down" size={12} />}>
                  More
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  onClick={() => {
                    setAction('test');
                  }}
                >
                  Test the connections
                </Menu.Item>
                <Menu.Item onClick={() => void navigate({ to: `/connectors/${name}/preview` })}>
                  Preview a record
                </Menu.Item>
                <Menu.Item onClick={() => void navigate({ to: `/connectors/${name}/limits` })}>Limits</Menu.Item>
                <Menu.Item onClick={() => void navigate({ to: '/refusals', search: { connector: name } })}>
                  Refused changes
                </Menu.Item>
                <Menu.Item
                  onClick={() => {
                    setAction('purge');
                  }}
                >
                  Purge what is retired
                </Menu.Item>
                <Menu.Item
                  onClick={() => {
                    setDeletes(true);
                  }}
                >
                  Delete the connector
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      >
        <p className="row">
          <button type="button" className="plain" onClick={showStatus}>
            {of?.lastSuccess ? `Last synced ${ago(of.lastSuccess.at)}` : 'Last synced never'}
          </button>
          {of?.nextSync && <span className="dim">next sync {ago(of.nextSync.at)}</span>}
          <span className="dim">revision {data.activeRevision ?? '–'}</span>
          {data.revision !== data.activeRevision && (
            <Link to={`/connectors/${name}/file`} search={{ revision: data.revision }}>
              revision {data.revision} is saved, but not in use
            </Link>
          )}
        </p>
        {of?.heldSync && (
          <p className="row">
            <StatusMark status="held" />
            <ButtonLink to={`/syncs/${of.heldSync.syncId}/review`} filled>
              Review
            </ButtonLink>
          </p>
        )}
      </PageHead>
      <div className="stack">
        {data.quarantine && (
          <Card title="In quarantine" tone="danger">
            <p>{data.quarantine.reason}</p>
            <p className="dim">{data.quarantine.error.message}</p>
          </Card>
        )}
        <TypeFrame name={name} file={data.file} status={of} />
        <Connections name={name} file={data.file} status={of} />
        <LimitSummary name={name} />
        <Card title="Schedules that take it">
          {taken.length === 0 ? (
            <p className="dim">No job takes it: it is synchronised by hand only.</p>
          ) : (
            <Facts>
              {taken.map((job) => (
                <Fact key={job.name} term={`${job.mode}, ${job.cron} (${job.timezone})`}>
                  <Link to={`/jobs/${job.name}`}>{job.name}</Link>
                  {job.paused && ' – paused'}
                  <div className="dim small">{cronWords(job.cron)}</div>
                </Fact>
              ))}
            </Facts>
          )}
        </Card>
        <Card
          title="Last results"
          flush
          actions={
            <Link to="/syncs" search={{ connector: name }}>
              All results
            </Link>
          }
        >
          <Answered query={latest} rows={4}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty icon="syncs" title="It has never been synchronised">
                  <em>Jobs</em>, above, starts its first sync. It is held, so that you see what it would add.
                </Empty>
              ) : (
                <DataTable label="Last results" columns={syncColumns} rows={items} rowKey={({ id }) => id} />
              )
            }
          </Answered>
        </Card>
      </div>
      {deletes && (
        <DeleteDialog
          name={name}
          revision={data.revision}
          onClose={() => {
            setDeletes(false);
          }}
        />
      )}
      {action && (
        <ActionDialog
          name={name}
          action={action}
          onClose={() => {
            setAction(undefined);
          }}
        />
      )}
    </>
  );
}
