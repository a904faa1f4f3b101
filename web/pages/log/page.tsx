import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { hasEnded } from '../../model/status.ts';
import { Card } from '../../parts/card/card.tsx';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { Gone } from '../../parts/gone/gone.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Value } from '../../parts/value/value.tsx';
import { useLines } from '../../server/live/shown.ts';
import { logQuery, syncQuery } from '../../server/queries/syncs.ts';
import { exactly } from '../../words/time.ts';
import styles from './log.module.css';

/** The log of a sync, or of one of its tasks. */
export function Log() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { task }: { task?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const sync = useQuery(syncQuery(id));
  const running = sync.data !== undefined && !hasEnded(sync.data.status);
  const log = useInfiniteQuery(logQuery(id, task, running));
  useLines(id, running);
  const name = sync.data?.connector ?? '';
  const set = (chosen: string | undefined) =>
    void navigate({ to: `/syncs/${id}/log`, search: chosen === undefined ? {} : { task: chosen } });
  return (
    <>
      <PageHead
        title={name === '' ? 'Log' : `Log of the sync of ${name}`}
        tab={`${name} · log`}
        path={[
          { to: '/syncs', name: 'Job Results' },
          { to: `/syncs/${id}`, name: `Sync of ${name}` },
        ]}
        mark={sync.data && <StatusMark status={sync.data.status} />}
        actions={sync.data?.status === 'held' && <ButtonLink to={`/syncs/${id}/review`}>Review</ButtonLink>}
      />
      <Card flush>
        <div className="toolbar">
          <FilterChips
            filters={task === undefined ? {} : { task }}
            onRemove={() => {
              set(undefined);
            }}
            clear={() => {
              set(undefined);
            }}
          >
            <Pick label="Task" value={task} options={sync.data?.tasks ?? []} onPick={set} />
          </FilterChips>
        </div>
        <Answered query={log} rows={8}>
          {({ pages }) => {
            const lines = pages.flatMap(({ items }) => items);
            if (lines.length === 0 && sync.data?.changesRemovedAt != null)
              return <Gone what="log" at={sync.data.changesRemovedAt} />;
            if (lines.length === 0)
              return task === undefined ? (
                <Empty icon="clock" title="Nothing has been logged yet" />
              ) : (
                <Empty icon="search" title={`The task ${task} has logged nothing`} />
              );
            return (
              <ol className={styles.log} aria-label="Log">
                {lines.map(({ seq, at, level, task: of, message }) => (
                  <li key={seq} data-level={level}>
                    <time dateTime={at} title={exactly(at)}>
                      {new Date(at).toLocaleTimeString('en-GB')}
                    </time>
                    <span className={styles.task}>{of}</span>
                    <span className={styles.level}>{level === 'info' ? '' : level}</span>
                    <span className={styles.message}>
                      <Value value={message} />
                    </span>
                  </li>
                ))}
              </ol>
            );
          }}
        </Answered>
        {log.hasNextPage && (
          <p className="pad">
            <button type="button" onClick={() => void log.fetchNextPage()}>
              Load more lines
            </button>
          </p>
        )}
      </Card>
    </>
  );
}
