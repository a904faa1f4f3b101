import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { holdEvidence, type ListName } from '../../model/review-gate.ts';
import { Card } from '../../parts/card/card.tsx';
import { Icon } from '../../theme/icons.tsx';
import type { Summary, Sync } from '../../server/types.ts';
import { RejectedRows } from './rejected-rows.tsx';
import { SampleList } from './sample-list.tsx';
import styles from './review.module.css';

interface HoldsProps {
  sync: Sync;
  summary: Summary;
  digest: string;
  seen: ReadonlySet<string>;
  onShow: (list: ListName) => void;
}

const aboutRows = ['rejected-rows', 'unreadable-key'];

/** Each hold as a sentence, with exactly its changes one step away. */
export function Holds({ sync, summary, digest, seen, onShow }: HoldsProps) {
  const [open, setOpen] = useState<number>();
  const shownBy = holdEvidence(summary);
  return (
    <Card title="Why held">
      <ul className={styles.holds}>
        {summary.holds.map((hold, place) => {
          const id = shownBy[place] ?? '';
          const inList = id.startsWith('list:');
          return (
            <li key={place} id={`hold-${String(place)}`}>
              <div className={styles.hold}>
                <Icon name="paused" />
                <span className={styles.holdText}>
                  {hold.message}
                  {hold.scope !== 'connector' && !hold.message.includes(hold.scope) && (
                    <span className="dim"> · {hold.scope}</span>
                  )}
                  {hold.revert && (
                    <>
                      {' '}
                      <Link to={`/syncs/${hold.revert.syncId}`}>The undo</Link>: “{hold.revert.reason}”
                    </>
                  )}
                </span>
                <button
                  type="button"
                  className={styles.see}
                  {...(inList ? {} : { 'aria-expanded': open === place })}
                  onClick={() => {
                    if (inList) onShow(id.slice(5) as ListName);
                    else setOpen(open === place ? undefined : place);
                  }}
                >
                  {seen.has(id) && (
                    <>
                      <Icon name="check" size={13} />
                      <span className="only-heard">seen: </span>
                    </>
                  )}
                  {aboutRows.includes(hold.code) ? 'See these rows' : 'See these changes'}
                </button>
              </div>
              {open === place &&
                (aboutRows.includes(hold.code) ? (
                  <RejectedRows sync={sync} scope={hold.scope} digest={digest} evidence={id} />
                ) : (
                  <SampleList
                    sync={sync}
                    digest={digest}
                    query={{ hold: place }}
                    evidence={[id]}
                    label={hold.message}
                  />
                ))}
            </li>
          );
        })}
      </ul>
      {summary.thresholds.length > 0 && (
        <details className={styles.details}>
          <summary>All {summary.thresholds.length} limits that were checked</summary>
          <ul>
            {summary.thresholds.map((verdict, i) => (
              <li key={i} data-exceeded={verdict.exceeded}>
                <Icon name={verdict.exceeded ? 'failed' : 'check'} size={13} />
                <span>
                  <span className="dim">{verdict.scope}</span> {verdict.words}
                  {verdict.exceeded ? ' – exceeded' : ''}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
