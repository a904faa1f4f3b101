import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { comparedRows, inOrder, oneBefore } from '../../model/compare-syncs.ts';
import type { CompareSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { syncQuery, syncsQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { statusWords } from '../../model/status.ts';
import { inShort } from '../../words/time.ts';
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
  const chosen = useQuery({ ...syncQuery(id ?? ''), enabled: id !== undefined });
  const shown = chosen.data;
  // an address may name one that is older than those that are listed
  const choices = shown && !known.some((sync) => sync.id === shown.id) ? [...known, shown] : known;
  return (
    <>
      <PageHead title={`Two syncs of ${connector}`} tab={`${connector} · compare`} path={path} />
      <div className="stack">
        <Pick
          label="Compare with"
          none="the one before it"
          value={id}
          options={choices.map((sync) => ({
            value: sync.id,
            label: `${inShort(sync.createdAt)}, ${statusWords(sync.status)}`,
          }))}
          onPick={(other) =>
            void navigate({ to: '/syncs/compare', search: { first: other, second: second.id }, resetScroll: false })
          }
        />
        {others.data && id === undefined ? (
          <Empty icon="syncs" title={`There is no other sync of ${connector}`} />
        ) : (
          <Answered query={chosen} rows={8}>
            {(sync) => <Tables of={inOrder(sync, second)} />}
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

function Tables({ of: [earlier, later] }: { of: [earlier: Sync, later: Sync] }) {
  const rows = comparedRows(earlier.counters, later.counters);
  return (
    <>
      <Card title="What they are" flush>
        <DataTable
          label="What they are"
          columns={factColumns(earlier, later)}
          rows={factsOf(earlier, later)}
          rowKey={({ name }) => name}
        />
      </Card>
      <Card title="What they counted" flush>
        {rows.length === 0 ? (
          <Empty icon="syncs" title="Neither of them has counted anything" />
        ) : (
          <DataTable label="What they counted" columns={counterColumns} rows={rows} rowKey={({ name }) => name} />
        )}
      </Card>
    </>
  );
}
