import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { comparedRows, oneBefore } from '../../model/compare-syncs.ts';
import type { CompareSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { syncQuery, syncsQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { statusWords } from '../../model/status.ts';
import { inFull } from '../../words/time.ts';
import { counterColumns, factColumns, factsOf } from './columns.tsx';

const path = [{ to: '/syncs', name: 'Job Results' }];

/** Two syncs of a connector side by side: what they are, and what they counted. */
export function CompareSyncs() {
  const { first, second = '' }: CompareSearch = useSearch({ strict: false });
  const later = useQuery({ ...syncQuery(second), enabled: second !== '' });
  if (second === '' || later.error)
    return (
      <>
        <PageHead title="Compare two syncs" tab="Compare" path={path} />
        {later.error ? (
          <Problem error={later.error} retry={() => void later.refetch()} />
        ) : (
          <Empty icon="syncs" title="Choose a sync first">
            <Link to="/syncs">Job Results</Link> has <em>Compare</em> in each row.
          </Empty>
        )}
      </>
    );
  return later.data ? <Comparison first={first} second={later.data} /> : <Loading rows={8} />;
}

function Comparison({ first, second }: { first: string | undefined; second: Sync }) {
  const navigate = useNavigate();
  const { connector } = second;
  const others = useInfiniteQuery(syncsQuery({ connector }));
  const known = (others.data?.pages ?? []).flatMap(({ items }) => items).filter(({ id }) => id !== second.id);
  const id = first ?? oneBefore(second.id, known)?.id ?? known[0]?.id;
  const earlier = useQuery({ ...syncQuery(id ?? ''), enabled: id !== undefined });
  const shown = earlier.data;
  return (
    <>
      <PageHead title={`Two syncs of ${connector}`} tab={`${connector} · compare`} path={path} />
      <div className="stack">
        <Pick
          label="Compare with"
          value={id}
          options={known.map((sync) => ({
            value: sync.id,
            label: `${inFull(sync.createdAt)}, ${statusWords(sync.status)}`,
          }))}
          onPick={(chosen) =>
            void navigate({ to: '/syncs/compare', search: { first: chosen, second: second.id }, resetScroll: false })
          }
        />
        {others.data && id === undefined ? (
          <Empty icon="syncs" title={`There is no other sync of ${connector}`} />
        ) : (
          <Answered query={earlier} rows={8}>
            {(sync) => (
              <>
                <Card title="What they are" flush>
                  <DataTable
                    label="What they are"
                    columns={factColumns(sync, second)}
                    rows={factsOf(sync, second)}
                    rowKey={({ name }) => name}
                  />
                </Card>
                <Card title="What they counted" flush>
                  <Counted first={sync} second={second} />
                </Card>
              </>
            )}
          </Answered>
        )}
        {shown && shown.connector !== connector && (
          <p className="dim">
            They are syncs of different connectors: {shown.connector} and {connector}.
          </p>
        )}
      </div>
    </>
  );
}

function Counted({ first, second }: { first: Sync; second: Sync }) {
  const rows = comparedRows(first.counters, second.counters);
  if (rows.length === 0) return <Empty icon="syncs" title="Neither of them has counted anything" />;
  return (
    <DataTable
      label="What they counted"
      columns={counterColumns(first, second)}
      rows={rows}
      rowKey={({ name }) => name}
    />
  );
}
