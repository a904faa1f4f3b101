import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ErrorsSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { Value } from '../../parts/value/value.tsx';
import { connectorsQuery } from '../../server/queries/connectors.ts';
import { openErrorsQuery, type OpenErrorFilter } from '../../server/queries/status.ts';
import type { SyncError } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { keyToParam, keyWords } from '../../words/key.ts';

const effects = { 'row-rejected': 'row rejected', 'link-rejected': 'link rejected', 'sync-failed': 'sync failed' };

const columns: Column<SyncError>[] = [
  {
    title: 'What is wrong',
    width: 'minmax(0, 2fr)',
    cell: ({ code, message, effect }) => (
      <>
        <strong>{code}</strong> <span className="dim small">{effects[effect]}</span>
        <div>
          <Value value={message} />
        </div>
      </>
    ),
  },
  {
    title: 'Where',
    width: 'minmax(0, 1.3fr)',
    cell: ({ connector, entityType, key, property, table, line }) => (
      <>
        {entityType !== undefined && key !== undefined ? (
          <Link to={`/types/${entityType}/$key`} params={{ key: keyToParam(key) }}>
            <Value value={keyWords(key)} />
          </Link>
        ) : (
          <Link to={`/connectors/${connector}`}>{connector}</Link>
        )}
        <div className="dim small">
          {[entityType, property, table && `${table}${line === undefined ? '' : ` line ${line}`}`]
            .filter(Boolean)
            .join(', ')}
        </div>
      </>
    ),
  },
  { title: 'Times', width: '72px', align: 'end', cell: ({ occurrences }) => count(occurrences) },
  {
    title: 'Open since',
    cell: ({ firstSeen, lastSeen, syncId }) => (
      <>
        <Time at={firstSeen} />
        <div className="small">
          <Link to={`/syncs/${syncId}`}>
            seen <Time at={lastSeen} />
          </Link>
        </div>
      </>
    ),
  },
];

/** What is wrong now, over all connectors. */
export function OpenErrors() {
  const search: ErrorsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const connectors = useQuery(connectorsQuery);
  const filter: OpenErrorFilter = Object.fromEntries(
    (['connector', 'entityType', 'key', 'code'] as const).flatMap((name) =>
      search[name] === undefined ? [] : [[name, search[name]]],
    ),
  );
  const errors = useInfiniteQuery(openErrorsQuery(filter));
  const rows = errors.data?.pages.flatMap(({ items }) => items) ?? [];
  const set = (part: OpenErrorFilter) => void navigate({ to: '/errors', search: { ...filter, ...part } });
  return (
    <>
      <PageHead title="Errors" tab="Errors">
        <p className="dim">An error closes when a sync that reads its row no longer has it.</p>
      </PageHead>
      <Card flush>
        <div className="toolbar">
          <FilterChips
            filters={filter}
            onRemove={(each) => {
              set({ [each]: undefined });
            }}
            clear={() => void navigate({ to: '/errors' })}
          >
            <Pick
              label="Connector"
              value={filter.connector}
              options={(connectors.data ?? []).map(({ name }) => ({ value: name, label: name }))}
              onPick={(connector) => {
                set({ connector });
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
                <Empty icon="search" title="No open error fits these filters" />
              ) : (
                <Empty title="No error is open" />
              )
            ) : (
              <DataTable
                label="Errors"
                columns={columns}
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
