import { Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import type { ProblemError } from '../../server/problem.ts';
import { CopyButton } from '../copy/copy-button.tsx';
import { Icon, type IconName } from '../../theme/icons.tsx';
import styles from './state-block.module.css';

/** Bars of about the final height. They come after 300 ms: what is faster does not flicker. */
export function Loading({ rows = 4, label = 'Loading' }: { rows?: number; label?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, 300);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div className={styles.loading} aria-busy="true" data-late={late}>
      <span className="only-heard">{label} …</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={styles.bar} />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon?: IconName;
  title: string;
  children?: ReactNode;
}

/** Nothing is there: one sentence that says why, and what to do. */
export function Empty({ icon = 'done', title, children }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <span className={styles.emptyIcon}>
        <Icon name={icon} size={22} />
      </span>
      <p className={styles.emptyTitle}>{title}</p>
      {children !== undefined && <div className={styles.emptyText}>{children}</div>}
    </div>
  );
}

interface ProblemProps {
  error: Error;
  retry?: () => void;
  /** What is still shown below is of this time. */
  asOf?: string;
}

/** What went wrong, in the words of the API, with its code and a way on. */
export function Problem({ error, retry, asOf }: ProblemProps) {
  const problem: Partial<ProblemError> & Error = error;
  const code = problem.code;
  const documented = problem.body !== undefined && code !== undefined;
  const faults = problem.body?.errors ?? [];
  return (
    <div className={styles.problem} role="alert">
      <Icon name="failed" size={20} />
      <div className={styles.problemText}>
        <p className={styles.problemTitle}>{problem.title ?? 'Something went wrong'}</p>
        <p>{error.message}</p>
        {faults.length > 1 && (
          <ul className={styles.faults}>
            {faults.slice(0, 10).map(({ pointer, detail }) => (
              <li key={pointer + detail}>
                <code>{pointer}</code> {detail}
              </li>
            ))}
          </ul>
        )}
        {asOf !== undefined && <p className={styles.dim}>What is shown is as of {asOf}.</p>}
        <div className={styles.problemActions}>
          {retry && (
            <Button size="xs" variant="default" onClick={retry}>
              Retry
            </Button>
          )}
          {documented && (
            <a href={`/problems/${code}`} target="_blank" rel="noreferrer">
              {code}
            </a>
          )}
          <CopyButton label="Copy the error" text={`${code ?? ''} ${error.message}`.trim()} />
        </div>
      </div>
    </div>
  );
}

interface Asked<Data> {
  data: Data | undefined;
  error: Error | null;
  isPending: boolean;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

/** The states of a block that shows the answer of one query: loading, failed (with the last data below), shown. */
export function Answered<Data>({
  query,
  rows,
  children,
}: {
  query: Asked<Data>;
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  const { data, error } = query;
  const retry = () => void query.refetch();
  if (data === undefined) return error ? <Problem error={error} retry={retry} /> : <Loading rows={rows} />;
  return (
    <>
      {error && (
        <Problem error={error} retry={retry} asOf={new Date(query.dataUpdatedAt).toLocaleTimeString('en-GB')} />
      )}
      {children(data)}
    </>
  );
}
