import {
  counterNames,
  counterOf,
  counterTitles,
  timesOver,
  type CounterName,
  type ListName,
} from '../../model/review-gate.ts';
import type { Summary, Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './review.module.css';

interface CountersProps {
  summary: Summary;
  sync: Sync;
  /** Nothing was stored before: what exceeds a limit is no alarm. */
  calm: boolean;
  onShow: (list: ListName) => void;
}

const listOf = (name: CounterName): ListName =>
  name.startsWith('links') ? 'links' : (`${name.replace(/d$/, '')}s` as ListName);

/** The six counters, deletes first, each with what is stored and the limit that it exceeds most. */
export function Counters({ summary, sync, calm, onShow }: CountersProps) {
  const stored = { resources: 0, links: 0 };
  for (const entity of Object.values(sync.counters)) {
    stored.resources += entity.stored;
    for (const link of Object.values(entity.links)) stored.links += link.stored;
  }
  return (
    <section aria-labelledby="counters">
      <h2 id="counters" className={styles.heading}>
        Counters
      </h2>
      <ul className={styles.counters}>
        {counterNames.map((name) => {
          const n = summary.counts[name];
          const limit = summary.thresholds
            .filter((verdict) => verdict.exceeded && counterOf(verdict) === name)
            .sort((a, b) => timesOver(b) - timesOver(a))[0];
          const of = name.startsWith('links') ? stored.links : stored.resources;
          return (
            <li
              key={name}
              className={styles.counter}
              data-exceeded={limit !== undefined}
              data-calm={limit !== undefined && calm}
              data-none={n === 0}
            >
              <button
                type="button"
                disabled={n === 0}
                onClick={() => {
                  onShow(listOf(name));
                }}
              >
                <span className={styles.counterTitle}>{counterTitles[name]}</span>
                <span className={styles.counterNumber}>{count(n)}</span>
                <span className={styles.counterOf}>of {count(of)} stored</span>
                {limit && (
                  <span className={styles.counterLimit}>
                    limit {count(limit.limitLines)}
                    <br />
                    {timesWords(timesOver(limit))}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
      {summary.rekeyed && (
        <p className={styles.note}>
          {count(summary.rekeyed.pairs)} of the deletes look like the same {summary.rekeyed.entityType} under new keys:
          they pair off with inserts by {summary.rekeyed.by}.
        </p>
      )}
    </section>
  );
}

const timesWords = (times: number) => `${times >= 10 ? count(Math.round(times)) : times.toFixed(1)} × over`;
