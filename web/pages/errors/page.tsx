import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { chosen, type ErrorsSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { CsvLink } from '../../parts/csv-link/csv-link.tsx';
import { ErrorFilters } from '../../parts/error-rows/error-filters.tsx';
import { ErrorTable } from '../../parts/error-rows/error-table.tsx';
import { rowErrorColumns } from '../../parts/error-rows/row-error-columns.tsx';
import { Gone } from '../../parts/gone/gone.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Empty } from '../../parts/state-block/state-block.tsx';
import { rowErrorsQuery, syncQuery, type ErrorFilter } from '../../server/queries/syncs.ts';

/** The rows of one sync that could not be used. */
export function RowErrors() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const search: ErrorsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const sync = useQuery(syncQuery(id));
  const filter: ErrorFilter = chosen(search, ['entityType', 'code', 'key']);
  const errors = useInfiniteQuery(rowErrorsQuery(id, filter));
  const codes = new Set((errors.data?.pages ?? []).flatMap(({ items }) => items.map(({ code }) => code)));
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
        <ErrorFilters
          filter={filter}
          picks={[
            { name: 'entityType', label: 'Type', options: Object.keys(sync.data?.counters ?? {}) },
            { name: 'code', label: 'Code', options: [...codes] },
          ]}
          onSet={(wanted) => void navigate({ to: `/syncs/${id}/errors`, search: wanted })}
        />
        <ErrorTable
          label="Errors"
          query={errors}
          columns={rowErrorColumns}
          empty={
            Object.keys(filter).length > 0 ? (
              <Empty icon="search" title="No error fits these filters" />
            ) : sync.data?.changesRemovedAt != null ? (
              <Gone what="errors" at={sync.data.changesRemovedAt} />
            ) : (
              <Empty title="Every row of this sync could be used" />
            )
          }
        />
      </Card>
    </>
  );
}
