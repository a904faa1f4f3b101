import { Link } from '@tanstack/react-router';
import type { Change } from '../../server/types.ts';
import { keyToParam, keyWords } from '../../words/key.ts';
import { Changed, Value } from '../value/value.tsx';
import styles from './change-row.module.css';

const signs = { insert: ['+', 'ok'], update: ['~', 'accent'], delete: ['−', 'danger'] } as const;

export function OperationMark({ operation }: { operation: Change['operation'] }) {
  const [sign, tone] = signs[operation];
  return (
    <span className={styles.operation} data-tone={tone}>
      <span aria-hidden="true">{sign}</span> {operation}
    </span>
  );
}

/** Whose change it is: the label of the time of the sync, and the key. */
export function Whose({ change }: { change: Change }) {
  return (
    <span className={styles.whose}>
      {change.label !== null && (
        <strong>
          <Value value={change.label} />
        </strong>
      )}
      <span className={styles.key}>
        <Value value={keyWords(change.key)} />
      </span>
    </span>
  );
}

export function ResourceLink({ type, of }: { type: string; of: readonly string[] }) {
  return (
    <Link to="/types/$type/$key" params={{ type, key: keyToParam(of) }}>
      Open the resource
    </Link>
  );
}

/** What changes: the properties that differ, the values of what comes or goes, or the target of a link. */
export function What({ change, most = 3 }: { change: Change; most?: number }) {
  if (change.kind === 'link') return <LinkChange change={change} />;
  const before = (change.before ?? {}) as Record<string, unknown>;
  const after = (change.after ?? {}) as Record<string, unknown>;
  const names = Object.keys({ ...before, ...after });
  return (
    <span className={styles.what}>
      {names.slice(0, most).map((name) => (
        <span key={name} className={styles.property}>
          <span className={styles.propertyName}>{name}</span>{' '}
          {change.operation === 'update' ? (
            <Changed before={before[name]} after={after[name]} />
          ) : (
            <Value value={change.operation === 'delete' ? before[name] : after[name]} />
          )}
        </span>
      ))}
      {names.length > most && <span className={styles.more}>and {names.length - most} more</span>}
    </span>
  );
}

function LinkChange({ change }: { change: Change }) {
  const target = change.target;
  const moved =
    change.operation === 'update' ? (change.before as { key?: string[]; entityType?: string } | null) : null;
  // the keys alone do not say that it leads to something of another kind
  const across = moved?.entityType !== undefined && moved.entityType !== target?.entityType;
  return (
    <span className={styles.what}>
      <span className={styles.propertyName}>{change.property}</span>
      {moved?.key && <Value value={keyWords(moved.key)} />}
      {across && <span className="dim">{moved.entityType}</span>}
      <span aria-hidden="true">→</span>
      {target && (
        <span>
          {target.label !== null && <Value value={target.label} />}{' '}
          <span className={styles.key}>
            <Value value={keyWords(target.key)} />
          </span>
          {across && <span className="dim"> {target.entityType}</span>}
        </span>
      )}
    </span>
  );
}
