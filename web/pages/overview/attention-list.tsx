import { useQuery } from '@tanstack/react-query';
import type { Attention } from '../../model/attention.ts';
import { resumingWords } from '../../model/consequence.ts';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { Time } from '../../parts/time/time.tsx';
import { summaryQuery } from '../../server/queries/syncs.ts';
import { Icon } from '../../theme/icons.tsx';
import styles from './overview.module.css';

/** What needs a person first. */
export function AttentionList({ items }: { items: readonly Attention[] }) {
  if (items.length === 0)
    return (
      <div className={styles.calm}>
        <Icon name="done" size={20} />
        <p>Nothing needs you. No sync is held, and none has failed since its last success.</p>
      </div>
    );
  return (
    <section aria-labelledby="attention">
      <h2 id="attention" className={styles.heading}>
        Needs a decision or a look
      </h2>
      <ul className={styles.attention}>
        {items.map((item) => (
          <Line key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

const icons = { held: 'paused', failed: 'failed', quarantine: 'refused', breaker: 'errors', paused: 'paused' } as const;

function Line({ item }: { item: Attention }) {
  const { kind, tone, title, detail, since, heldSync, link } = item;
  return (
    <li className={styles.line} data-tone={tone}>
      <span className={styles.lineIcon}>
        <Icon name={icons[kind]} size={20} />
      </span>
      <div className={styles.lineText}>
        <p className={styles.lineTitle}>
          {title}
          {since !== null && (
            <span className={styles.since}>
              {' '}
              · <Time at={since} />
            </span>
          )}
        </p>
        {heldSync !== undefined && <Verdict id={heldSync} />}
        <p className={styles.detail}>{detail}</p>
      </div>
      <ButtonLink to={link.to} filled={heldSync !== undefined}>
        {link.name}
      </ButtonLink>
    </li>
  );
}

function Verdict({ id }: { id: string }) {
  const { data } = useQuery(summaryQuery(id));
  return data ? <p>{resumingWords(data.resume)}</p> : null;
}
