import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ExecutionsSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { executionColumns } from '../../parts/execution-rows/execution-columns.tsx';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { useNewRows } from '../../parts/new-rows/use-new-rows.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { executionsQuery, jobsQuery, type ExecutionFilter } from '../../server/queries/jobs.ts';

const statuses = ['running', 'completed', 'completed-with-errors', 'failed', 'skipped', 'cancelled'];

export function Executions() {
  const search: ExecutionsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const filter: ExecutionFilter = Object.fromEntries(
    (['job', 'status', 'since'] as const).flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
  const executions = useInfiniteQuery(executionsQuery(filter));
  const jobs = useQuery(jobsQuery);
  const { shown, hint } = useNewRows(
    JSON.stringify(filter),
    executions.data?.pages.flatMap(({ items }) => items),
  );
  const set = (part: ExecutionFilter) => void navigate({ to: '/executions', search: { ...filter, ...part } });
  return (
    <>
      <PageHead title="Job Execution" tab="Job Execution" path={[{ to: '/jobs', name: 'Jobs' }]} />
      <Card flush>
        <div className="toolbar">
          <FilterChips
            filters={filter}
            onRemove={(each) => {
              set({ [each]: undefined });
            }}
            clear={() => void navigate({ to: '/executions' })}
          >
            <Pick
              label="Job"
              value={search.job}
              options={(jobs.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))}
              onPick={(job) => {
                set({ job });
              }}
            />
            <Pick
              label="Status"
              value={search.status}
              options={statuses}
              onPick={(status) => {
                set({ status });
              }}
            />
          </FilterChips>
        </div>
        <Answered query={executions} rows={6}>
          {({ pages }) => {
            if (pages.every(({ items }) => items.length === 0))
              return Object.keys(filter).length > 0 ? (
                <Empty icon="search" title="No execution fits these filters" />
              ) : (
                <Empty icon="jobs" title="No job has run yet" />
              );
            return (
              <>
                {hint}
                <DataTable
                  label="Job Execution"
                  columns={executionColumns}
                  rows={shown}
                  rowKey={({ id }) => id}
                  more={{
                    wanted: executions.hasNextPage,
                    loading: executions.isFetchingNextPage,
                    load: () => executions.fetchNextPage(),
                  }}
                />
              </>
            );
          }}
        </Answered>
      </Card>
    </>
  );
}
