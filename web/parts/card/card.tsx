import type { ReactNode } from 'react';
import styles from './card.module.css';

interface CardProps {
  title?: ReactNode;
  level?: 2 | 3;
  /** Beside the title. */
  actions?: ReactNode;
  tone?: 'warn' | 'danger' | 'accent';
  id?: string;
  flush?: boolean;
  children: ReactNode;
}

export function Card({ title, level = 2, actions, tone, id, flush, children }: CardProps) {
  const Heading = `h${level}` as const;
  return (
    <section
      className={styles.card}
      data-tone={tone}
      id={id}
      {...(typeof title === 'string' ? { 'aria-label': title } : {})}
    >
      {title !== undefined && (
        <div className={styles.head}>
          <Heading>{title}</Heading>
          {actions}
        </div>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}

/** Terms and what they are, in columns where there is room. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
