import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ErrorsSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { CsvLink } from '../../parts/csv-link/csv-link.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { rowErrorColumns } from '../../parts/error-rows/row-error-columns.tsx';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { rowErrorsQuery, syncQuery, type ErrorFilter } from '../../server/queries/syncs.ts';

/** The rows of one sync that could not be used. */
export function RowErrors() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const search: ErrorsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const sync = useQuery(syncQuery(id));
  const filter: ErrorFilter = Object.fromEntries(
    (['entityType', 'code', 'key'] as const).flatMap((name) =>
      search[name] === undefined ? [] : [[name, search[name]]],
    ),
  );
  const errors = useInfiniteQuery(rowErrorsQuery(id, filter));
  const rows = errors.data?.pages.flatMap(({ items }) => items) ?? [];
  const set = (part: ErrorFilter) => void navigate({ to: `/syncs/${id}/errors`, search: { ...filter, ...part } });
  const name = sync.data?.connector ?? '';
  const csv = `/v1/syncs/${id}/errors.csv?${new URLSearchParams(filter as Record<string, string>).toString()}`;
  return (
    <>
      <PageHead
        title={name === '' ? 'Errors' : `Errors of the sync of ${name}`}
        tab={`${name} · errors`}
        path={[
          { to: '/syncs', name: 'Job Results' },
          { to: `/syncs/${id}`, name: `Sync of ${name}` },
        ]}
        actions={<CsvLink to={csv} />}
      />
      <Card flush>
        <div className="toolbar">
          <FilterChips
            filters={filter}
            onRemove={(each) => {
              set({ [each]: undefined });
            }}
            clear={() => void navigate({ to: `/syncs/${id}/errors` })}
          >
            <Pick
              label="Type"
              value={filter.entityType}
              options={Object.keys(sync.data?.counters ?? {}).map((type) => ({ value: type, label: type }))}
              onPick={(entityType) => {
                set({ entityType });
              }}
            />
            <Pick
              label="Code"
              value={filter.code}
              options={[...new Set(rows.map(({ code }) => code))].map((code) => ({ value: code, label: code }))}
              onPick={(code) => {
                set({ code });
              }}
            />
          </FilterChips>
        </div>
        <Answered query={errors} rows={8}>
          {() =>
            rows.length === 0 ? (
              Object.keys(filter).length > 0 ? (
                <Empty icon="search" title="No error fits these filters" />
              ) : (
                <Empty title="Every row of this sync could be used" />
              )
            ) : (
              <DataTable
                label="Errors"
                columns={rowErrorColumns}
                rows={rows}
                rowKey={(error) => `${rows.indexOf(error)}`}
                more={{
                  wanted: errors.hasNextPage,
                  loading: errors.isFetchingNextPage,
                  load: () => errors.fetchNextPage(),
                }}
              />
            )
          }
        </Answered>
      </Card>
    </>
  );
}
