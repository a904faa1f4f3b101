import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { rowErrorColumns } from '../../parts/error-rows/row-error-columns.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { rowErrorsQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { OnScreen } from './sample-list.tsx';
import styles from './review.module.css';

interface RejectedProps {
  sync: Sync;
  scope: string;
  digest: string;
  evidence: string;
}

/** The rows that could not be used, where a hold is about them. */
export function RejectedRows({ sync, scope, digest, evidence }: RejectedProps) {
  const entityType = Object.keys(sync.counters).find((name) => scope === name || scope.startsWith(`${name}.`));
  const errors = useInfiniteQuery(rowErrorsQuery(sync.id, entityType === undefined ? {} : { entityType }));
  return (
    <div className={styles.sample}>
      <Answered query={errors} rows={5}>
        {({ pages }) => (
          <OnScreen digest={digest} evidence={[evidence]}>
            {pages[0]?.items.length ? (
              <DataTable
                label="Rejected rows"
                columns={rowErrorColumns}
                rows={pages[0].items.slice(0, 20)}
                rowKey={(error) =>
                  `${error.table} ${String(error.line)} ${error.code} ${String(error.property)} ${String(error.key)}`
                }
              />
            ) : (
              <Empty title="No rejected row is listed" />
            )}
          </OnScreen>
        )}
      </Answered>
      <p className={styles.sampleFoot}>
        <Link to={`/syncs/${sync.id}/errors`}>Open all rejected rows</Link>
      </p>
    </div>
  );
}
