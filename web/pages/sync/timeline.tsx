import { Link } from '@tanstack/react-router';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import type { Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { clock, duration } from '../../words/time.ts';
import styles from './sync.module.css';

type Result = Sync['taskResults'][number];

/** The tasks in their order: how far each is, what it did, and what it waits for. Each leads to its lines of the log. */
export function Timeline({ sync }: { sync: Sync }) {
  const longest = Math.max(1, ...sync.taskResults.map(lasted));
  return (
    <ol className={styles.timeline}>
      {sync.taskResults.map((result) => (
        <li key={result.task} className={styles.task}>
          <StatusMark status={result.status} plain />
          <div className={styles.taskText}>
            <Link to={`/syncs/${sync.id}/log`} search={{ task: result.task }}>
              {result.task.replaceAll('-', ' ')}
            </Link>
            <span className="dim"> {rowsWords(result)}</span>
            {sync.phase === result.task && sync.retry && (
              <p className={styles.retry}>
                Attempt {sync.retry.attempt} failed: {sync.retry.message} The next one is at {clock(sync.retry.nextAt)}.
              </p>
            )}
            {sync.phase === result.task && sync.waitingFor?.reason === 'rate-limit' && (
              <p className={styles.retry}>
                It waits: the limits of the connection {sync.waitingFor.connection} are reached.{' '}
                {sync.waitingFor.detail}
              </p>
            )}
          </div>
          <svg className={styles.taskBar} width="100%" height="8" aria-hidden="true" focusable="false">
            <rect
              width={`${String((lasted(result) / longest) * 100)}%`}
              height="8"
              rx="4"
              data-status={result.status}
            />
          </svg>
          <span className={styles.taskTime}>{result.startedAt ? duration(lasted(result)) : '–'}</span>
        </li>
      ))}
    </ol>
  );
}

function lasted({ startedAt, endedAt, status }: Result): number {
  if (startedAt === null) return 0;
  const end = endedAt === null ? (status === 'running' ? Date.now() : Date.parse(startedAt)) : Date.parse(endedAt);
  return end - Date.parse(startedAt);
}

function rowsWords({ task, rows, rejected, startedAt, endedAt }: Result): string {
  if (rows === undefined) return '';
  const verb = task === 'export' ? 'read' : 'mapped';
  const seconds = startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : 0;
  const rate = seconds > 1 ? `, ${count(Math.round(rows / seconds))} a second` : '';
  return `${count(rows)} rows ${verb}${rate}${rejected ? `, ${count(rejected)} rejected` : ''}`;
}
