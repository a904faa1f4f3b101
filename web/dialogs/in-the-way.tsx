import { TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Time } from '../parts/time/time.tsx';
import type { Sync } from '../server/types.ts';
import styles from './dialogs.module.css';

interface InTheWayProps {
  /** A sync of the whole connector that is running or held. */
  sync: Sync;
  typed: string;
  onType: (typed: string) => void;
}

/** Another sync has the place: one that runs is waited for, one that is held can be replaced, by typing the name of its connector. */
export function InTheWay({ sync, typed, onType }: InTheWayProps) {
  if (sync.status !== 'held')
    return (
      <div className={styles.notice} role="status">
        <p>
          A sync of {sync.connector} runs already: <Link to={`/syncs/${sync.id}`}>open it</Link>. This one can start
          when that one has ended.
        </p>
      </div>
    );
  return (
    <div className={styles.notice}>
      <p role="status">
        A sync of {sync.connector} is held since <Time at={sync.waitingFor?.since ?? sync.createdAt} />:{' '}
        <Link to={`/syncs/${sync.id}/review`}>review it</Link>. If this one starts, it takes its place: the held one
        ends as superseded, and nothing of it is applied.
      </p>
      <TextInput
        label={`To replace it, type the name of the connector: ${sync.connector}`}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          onType(event.currentTarget.value);
        }}
      />
    </div>
  );
}
