import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { hasEnded } from '../../model/status.ts';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { hasThePlace } from '../../model/in-the-way.ts';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import { WasRead } from '../../parts/was-read/was-read.tsx';
import { cancelSync } from '../../server/actions.ts';
import type { ProblemError } from '../../server/problem.ts';
import { meQuery } from '../../server/queries/me.ts';
import { syncQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { Icon } from '../../theme/icons.tsx';
import { count } from '../../words/count.ts';
import { clock, duration } from '../../words/time.ts';
import { CounterTable } from './counter-table.tsx';
import styles from './sync.module.css';
import { Timeline } from './timeline.tsx';

export function SyncPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const query = useQuery(syncQuery(id));
  const sync = query.data;
  const [cancelling, setCancelling] = useState(false);
  if (!sync)
    return (
      <>
        <PageHead
          title={(query.error as ProblemError | null)?.status === 404 ? 'There is no such sync' : 'Sync'}
          tab="Sync"
          path={[{ to: '/syncs', name: 'Job Results' }]}
        />
        {query.error ? <Problem error={query.error} retry={() => void query.refetch()} /> : <Loading rows={8} />}
      </>
    );
  return (
    <>
      <PageHead
        title={`Sync of ${sync.connector}`}
        tab={`${sync.connector} · sync`}
        path={[
          { to: '/syncs', name: 'Job Results' },
          { to: `/connectors/${sync.connector}`, name: sync.connector },
        ]}
        mark={<StatusMark status={sync.status} />}
        actions={
          <>
            {sync.may.revert === true && sync.revertedBy === null && (
              <ButtonLink to={`/syncs/${id}/revert`}>Revert</ButtonLink>
            )}
            {!hasEnded(sync.status) && sync.status !== 'held' && (
              <Button
                variant="default"
                onClick={() => {
                  setCancelling(true);
                }}
              >
                Cancel the sync
              </Button>
            )}
          </>
        }
      />
      <div className="stack">
        {sync.status === 'held' && <HeldBanner sync={sync} />}
        {sync.error && (
          <div className={styles.failed} role="alert">
            <Icon name="failed" size={20} />
            <div>
              <strong>{sync.error.code}</strong>
              <p>{sync.error.message}</p>
            </div>
          </div>
        )}
        <Card title="Tasks">
          <Timeline sync={sync} />
        </Card>
        <Card title="Counters" flush>
          <CounterTable counters={sync.counters} />
        </Card>
        {sync.progress.rowsExported > 0 && <WasRead sync={sync} />}
        <nav aria-label="Of this sync" className={styles.links}>
          <ButtonLink to={`/syncs/${id}/changes`}>Changes</ButtonLink>
          <ButtonLink to={`/syncs/${id}/errors`}>Errors ({count(sync.progress.rowsRejected)} rows rejected)</ButtonLink>
          <ButtonLink to={`/syncs/${id}/log`}>Log</ButtonLink>
          <ButtonLink to="/syncs/compare" search={{ second: id }}>
            Compare
          </ButtonLink>
          {sync.digest !== null && sync.status !== 'held' && sync.holds.length > 0 && (
            <ButtonLink to={`/syncs/${id}/review`}>The review</ButtonLink>
          )}
        </nav>
        <Card title="About">
          <About sync={sync} />
        </Card>
      </div>
      {cancelling && (
        <ConfirmDialog
          title={`Cancel the sync of ${sync.connector}`}
          verb="Cancel the sync"
          danger
          onClose={() => {
            setCancelling(false);
          }}
          act={(key) => cancelSync(id, key)}
        >
          <p>It stops at its next step. What is stored stays as it is, unless the changes are being applied already.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function HeldBanner({ sync }: { sync: Sync }) {
  return (
    <div className={styles.held}>
      <Icon name="paused" size={22} />
      <div className={styles.heldText}>
        <p className={styles.heldTitle}>Threshold Exceeded</p>
        {sync.holds.slice(0, 3).map(({ message, scope }, i) => (
          <p key={i}>
            {message.replace('Threshold Exceeded: ', '')}
            {scope === 'connector' ? '' : ` (${scope})`}
          </p>
        ))}
        <p className="dim">Nothing has been written. It waits for a decision.</p>
      </div>
      {hasThePlace(sync) && (
        <Link to={`/syncs/${sync.id}`} search={{ start: sync.connector }} resetScroll={false}>
          Supersede
        </Link>
      )}
      <ButtonLink to={`/syncs/${sync.id}/review`} filled>
        Review
      </ButtonLink>
    </div>
  );
}

function About({ sync }: { sync: Sync }) {
  return (
    <Facts>
      <Fact term="Mode">
        {sync.mode}
        {sync.requestedMode !== sync.mode && ` (${sync.requestedMode} was asked for)`}
        {sync.dryRun && ', dry run'}
      </Fact>
      <Fact term="Started by">
        {sync.job === null ? (
          sync.syncedBy.replace(/^user:/, '')
        ) : (
          <>
            <Link to={`/jobs/${sync.job}`}>{sync.job}</Link> ({sync.syncedBy.replace(/^user:/, '')})
          </>
        )}
        , {sync.trigger.replaceAll('-', ' ')}
      </Fact>
      <Fact term="Started">
        <Time at={sync.createdAt} />
      </Fact>
      <Fact term="Took">
        {duration(workedUntil(sync) - Date.parse(sync.startedAt ?? sync.createdAt))}
        {sync.endedAt === null && (sync.status === 'held' ? ', then held' : ' so far')}
        {sync.queuedSeconds >= 1 && `, queued ${duration(sync.queuedSeconds * 1000)} before`}
      </Fact>
      <Fact term="Revision">{sync.configRevision}</Fact>
      {sync.scope && <Fact term="Limited to">{scopeWords(sync.scope)}</Fact>}
      {sync.decision && (
        <Fact term="Decision">
          {sync.decision.action} by {sync.decision.byName} at {clock(sync.decision.at)}
          {sync.decision.reason !== null && <> – “{sync.decision.reason}”</>}
        </Fact>
      )}
      {hasEnded(sync.status) && sync.outcome && (
        <Fact term="Outcome">
          applied {count(sync.outcome.applied)}, overtaken {count(sync.outcome.overtaken)}
          {sync.outcome.refused > 0 && `, refused ${count(sync.outcome.refused)}`}
          {sync.outcome.deferred > 0 && `, deferred ${count(sync.outcome.deferred)}`}
          {sync.outcome.suppressed > 0 && `, suppressed ${count(sync.outcome.suppressed)}`}
          {sync.outcome.withheld > 0 && `, withheld ${count(sync.outcome.withheld)}`}
        </Fact>
      )}
      {sync.reverts.length > 0 && (
        <Fact term="Undoes">
          {sync.reverts.map((each) => (
            <Link key={each} to={`/syncs/${each}`}>
              a sync
            </Link>
          ))}{' '}
          – “{sync.reason}”
        </Fact>
      )}
      {sync.revertedBy !== null && (
        <Fact term="Undone by">
          <Link to={`/syncs/${sync.revertedBy}`}>a revert</Link>
        </Fact>
      )}
      <Fact term="Workflow in Temporal">
        <Workflow id={sync.workflowId} />
      </Fact>
    </Facts>
  );
}

/** Temporal's own page of the workflow, where the installation says at which address it is. */
function Workflow({ id }: { id: string }) {
  const workflows = useQuery(meQuery).data?.workflows ?? null;
  if (workflows === null) return <code>{id}</code>;
  return (
    <a href={`${workflows}/${encodeURIComponent(id)}`} target="_blank" rel="noreferrer">
      <code>{id}</code>
      <span className="only-heard"> (opens the Temporal Web UI in a new tab)</span>
    </a>
  );
}

/** Whoever waits for a person does not work. */
const workedUntil = ({ endedAt, waitingFor }: Sync): number =>
  endedAt !== null ? Date.parse(endedAt) : waitingFor?.since ? Date.parse(waitingFor.since) : Date.now();

function scopeWords(scope: NonNullable<Sync['scope']>): string {
  const parts = [
    scope.entityTypes && scope.entityTypes.join(', '),
    scope.keys && `${String(Object.values(scope.keys).flat().length)} keys`,
    scope.operations && `${scope.operations.join(', ')}s`,
    scope.managedOnly && 'managed resources',
    scope.users && (scope.users === 'only' ? 'attributes of people' : 'all but attributes of people'),
  ];
  return parts.filter(Boolean).join('; ');
}
