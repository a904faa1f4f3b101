import { Link } from '@tanstack/react-router';
import { Card } from '../card/card.tsx';
import type { Sync } from '../../server/types.ts';
import { Icon } from '../../theme/icons.tsx';
import { count, counted } from '../../words/count.ts';
import styles from './was-read.module.css';

/** What was read of the source, and what of it cannot be trusted to be whole. */
export function WasRead({ sync }: { sync: Sync }) {
  const tables = Object.entries(sync.completeness);
  return (
    <Card title="What was read">
      <p>
        {count(sync.progress.rowsExported)} rows read, {count(sync.progress.rowsPrepared)} prepared,{' '}
        {sync.progress.rowsRejected === 0 ? (
          'none rejected'
        ) : (
          <Link to={`/syncs/${sync.id}/errors`}>{counted(sync.progress.rowsRejected, 'row', 'rows')} rejected</Link>
        )}
        .
        {sync.deletesWithheld > 0 &&
          ` ${counted(sync.deletesWithheld, 'delete is', 'deletes are')} withheld, because the source did not prove that it was read to its end.`}
      </p>
      {tables.length > 0 && (
        <ul className={styles.tables}>
          {tables.map(([table, { certified, reason, code, skipped }]) => (
            <li key={table} data-certified={certified}>
              <Icon name={certified ? 'check' : 'partly'} size={14} />
              <span>
                <bdi>{table}</bdi>{' '}
                <span className="dim">
                  {certified
                    ? ['read to its end', reason].filter(Boolean).join('. ')
                    : skipped
                      ? 'not read by this sync'
                      : (reason ?? code ?? 'not certified')}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
