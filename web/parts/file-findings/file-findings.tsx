import { count } from '../../words/count.ts';
import { limitWords } from '../../words/limits.ts';
import styles from './file-findings.module.css';

interface Findings {
  valid: boolean;
  /** Each with its line, and what to write in its place. */
  faults: readonly { line: number; message: string }[];
  retires: readonly { entityType: string; resources: number }[];
  raises: readonly { limit: string; from: number; to: number }[];
  warnings: readonly { detail: string }[];
}

/** What the API says of a file that is not saved: what is wrong in which line, or what its use would change. */
export function FileFindings({ valid, faults, retires, raises, warnings }: Findings) {
  if (!valid)
    return (
      <ul className={styles.list}>
        {faults.map(({ line, message }, i) => (
          <li key={i}>
            Line {line}: {message}
          </li>
        ))}
      </ul>
    );
  if (retires.length === 0 && raises.length === 0 && warnings.length === 0)
    return <p className="dim">It changes no limit, and retires nothing.</p>;
  return (
    <ul className={styles.list}>
      {warnings.map(({ detail }, i) => (
        <li key={i}>{detail}</li>
      ))}
      {retires.map(({ entityType, resources }) => (
        <li key={entityType}>
          It retires {entityType}: {count(resources)} resources stay readable, but are no longer synchronised.
        </li>
      ))}
      {raises.map(({ limit, from, to }) => (
        <li key={limit}>
          It raises a limit: {limitWords(limit)}: {count(from)} → {count(to)}.
        </li>
      ))}
    </ul>
  );
}
