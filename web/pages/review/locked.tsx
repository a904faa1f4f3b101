import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { replacementQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { clock } from '../../words/time.ts';
import type { Lock } from './lock.ts';
import styles from './review.module.css';

const actions: Record<string, string> = {
  resume: 'resumed',
  reject: 'rejected',
  supersede: 'superseded',
  expire: 'expired without a decision',
  override: 'overridden',
};

/** Why nothing can be decided here any more, and what has come of it. */
export function Locked({ lock, sync, again }: { lock: Lock; sync: Sync; again: () => void }) {
  const { decision } = sync;
  return (
    <div className={styles.decideBody} role="status">
      {lock.kind === 'other' && (
        <>
          <p className={styles.todo}>This is another change set: review again</p>
          <p>What this page shows is not what would be applied now. Nothing that you have looked at counts for it.</p>
          <Button onClick={again}>Review again</Button>
        </>
      )}
      {lock.kind === 'superseded' && <Superseded sync={sync} />}
      {lock.kind === 'ended' && <p>The sync is {sync.status.replaceAll('-', ' ')}: there is nothing to decide.</p>}
      {lock.kind === 'decided' && decision && (
        <p>
          <strong>
            Decided by {decision.byName} at {clock(decision.at)}
          </strong>
          : {actions[decision.action] ?? decision.action}
          {decision.reason === null ? '.' : <> – “{decision.reason}”</>}
        </p>
      )}
      <Outcome sync={sync} />
      <div className={styles.buttons}>
        <ButtonLink to={`/syncs/${sync.id}`}>Open the sync</ButtonLink>
        {sync.may.revert === true && sync.revertedBy === null && (
          <ButtonLink to={`/syncs/${sync.id}/revert`}>Revert</ButtonLink>
        )}
      </div>
    </div>
  );
}

function Outcome({ sync }: { sync: Sync }) {
  if (sync.applied && sync.outcome)
    return (
      <p className={styles.outcome}>
        applied {count(sync.outcome.applied)}, overtaken {count(sync.outcome.overtaken)}
        {sync.outcome.refused > 0 && `, refused ${count(sync.outcome.refused)}`}
        {sync.outcome.deferred > 0 && `, deferred ${count(sync.outcome.deferred)}`}
      </p>
    );
  if (sync.endedAt !== null) return <p className={styles.outcome}>Nothing was changed</p>;
  if (sync.decision?.action === 'resume') return <p>It is being applied …</p>;
  return null;
}

function Superseded({ sync }: { sync: Sync }) {
  const { data } = useQuery(replacementQuery(sync));
  return (
    <p>
      <strong>
        Superseded by{' '}
        {data ? (
          <Link to={data.status === 'held' ? `/syncs/${data.id}/review` : `/syncs/${data.id}`}>
            a newer sync of {sync.connector}
          </Link>
        ) : (
          `a newer sync of ${sync.connector}`
        )}
      </strong>
      {sync.decision && <> at {clock(sync.decision.at)}</>}
    </p>
  );
}
