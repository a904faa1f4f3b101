import { changeSums } from '../../model/counters.ts';
import type { Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './change-counts.module.css';

/** Deletes, updates and inserts, of resources and links together, in as little room as there is. */
export function ChangeCounts({ counters }: { counters: Sync['counters'] }) {
  const { deleted, updated, inserted } = changeSums(counters);
  if (deleted + updated + inserted === 0) return <span className="dim">none</span>;
  const parts = [
    { sign: '−', n: deleted, word: 'deletes', tone: 'danger' },
    { sign: '~', n: updated, word: 'updates', tone: 'accent' },
    { sign: '+', n: inserted, word: 'inserts', tone: 'ok' },
  ];
  return (
    <span className={styles.counts}>
      {parts
        .filter(({ n }) => n > 0)
        .map(({ sign, n, word, tone }) => (
          <span key={word} data-tone={tone}>
            <span aria-hidden="true">{sign}</span>
            {count(n)}
            <span className="only-heard"> {word}</span>
          </span>
        ))}
    </span>
  );
}
