import { useQuery } from '@tanstack/react-query';
import { Card } from '../../parts/card/card.tsx';
import { What, Whose } from '../../parts/change-row/change-what.tsx';
import { changesQuery } from '../../server/queries/syncs.ts';
import type { Cause, Change, Summary, Sync } from '../../server/types.ts';
import { Icon } from '../../theme/icons.tsx';
import { count, percent } from '../../words/count.ts';
import styles from './review.module.css';

const meantWords = { 'hardly-ever': 'hardly ever meant', maybe: 'sometimes meant', often: 'often meant' };

/** What the change set looks like it was caused by, with examples and advice. */
export function Causes({ sync, summary }: { sync: Sync; summary: Summary }) {
  return (
    <Card title="What it looks like">
      {summary.causes.length === 0 ? (
        <p className="dim">No known accident looks like this. Look at the changes below.</p>
      ) : (
        <ul className={styles.causes}>
          {summary.causes.map((cause) => (
            <CauseItem key={cause.id} sync={sync} cause={cause} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function CauseItem({ sync, cause }: { sync: Sync; cause: Cause }) {
  const ids = cause.evidence.changes;
  const examples = useQuery({
    ...changesQuery(sync.id, { id: ids }),
    enabled: ids.length > 0 && cause.code !== 'first-sync',
  });
  return (
    <li className={styles.cause} data-meant={cause.meant}>
      <p className={styles.causeTitle}>
        {cause.meant === 'hardly-ever' && <Icon name="errors" />}
        <span>{cause.message}</span>
      </p>
      <p className="dim small">
        <span className={styles.meant}>{meantWords[cause.meant]}</span> · {cause.code.replaceAll('-', ' ')} · explains{' '}
        {count(cause.lines)} changes ({percent(cause.share)})
      </p>
      {examples.data && (
        <ul className={styles.examples} aria-label="Examples">
          {examples.data.items.map((change) => (
            <li key={change.id}>
              <Whose change={change} />{' '}
              <What change={cause.property === undefined ? change : only(change, cause.property)} most={2} />
            </li>
          ))}
        </ul>
      )}
      <p className={styles.hint}>{cause.hint}</p>
    </li>
  );
}

/** Of a change, the property that the cause is about. */
function only(change: Change, property: string) {
  const part = (value: unknown) =>
    typeof value === 'object' && value !== null && property in value
      ? { [property]: (value as Record<string, unknown>)[property] }
      : value;
  return change.kind === 'link' ? change : { ...change, before: part(change.before), after: part(change.after) };
}
