import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { changeColumns } from '../../parts/change-row/change-columns.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { markSeen, useSeen } from '../../settings/seen.ts';
import { changesQuery } from '../../server/queries/syncs.ts';
import type { Change, ChangesQuery, Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './review.module.css';

interface SampleProps {
  sync: Sync;
  digest: string;
  query: ChangesQuery;
  /** What is seen when this has been on the screen. */
  evidence: readonly string[];
  label: string;
  /** How many there are, if it is known. */
  total?: number;
}

const sampleSize = 20;

/**
 * Changes to look at: all of them if they are few, else 20 that the digest chooses, the same for every reviewer. A row can be
 * ticked as seen; the ticks belong to this change set.
 */
export function SampleList({ sync, digest, query, evidence, label, total }: SampleProps) {
  const few = total !== undefined && total <= 100;
  const changes = useQuery(changesQuery(sync.id, { ...query, ...(few ? { limit: 100 } : { sample: sampleSize }) }));
  const seen = useSeen(digest);
  const columns: Column<Change>[] = [
    ...changeColumns,
    {
      title: 'Seen',
      width: '58px',
      cell: ({ id }) => (
        <input
          type="checkbox"
          className={styles.tick}
          data-seen
          aria-label={`Seen: change ${id}`}
          checked={seen.has(id)}
          onChange={(event) => {
            markSeen(digest, id, event.currentTarget.checked);
          }}
        />
      ),
    },
  ];
  return (
    <div className={styles.sample}>
      <Answered query={changes} rows={5}>
        {({ items }) =>
          items.length === 0 ? (
            <OnScreen digest={digest} evidence={evidence}>
              <Empty title="None: no change is behind this" />
            </OnScreen>
          ) : (
            <OnScreen digest={digest} evidence={evidence}>
              <DataTable label={label} columns={columns} rows={items} rowKey={({ id }) => id} />
            </OnScreen>
          )
        }
      </Answered>
      {changes.data && (
        <p className={styles.sampleFoot}>
          {few || changes.data.items.length < sampleSize
            ? `All ${count(changes.data.items.length)}.`
            : `A sample of ${String(changes.data.items.length)}${total === undefined ? '' : ` of ${count(total)}`}, the same for every reviewer.`}{' '}
          <Link to={`/syncs/${sync.id}/changes`} search={asTexts(query)}>
            Open {total === undefined ? 'all of them' : `all ${count(total)}`}
          </Link>
        </p>
      )}
    </div>
  );
}

const asTexts = (query: ChangesQuery) =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value as string | number)]));

/** Notes that its content has been on the screen. */
export function OnScreen({
  digest,
  evidence,
  children,
}: {
  digest: string;
  evidence: readonly string[];
  children: React.ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const ids = evidence.join(' ');
  useEffect(() => {
    const element = place.current;
    if (!element || ids === '') return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) for (const id of ids.split(' ')) markSeen(digest, id);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [digest, ids]);
  return <div ref={place}>{children}</div>;
}
