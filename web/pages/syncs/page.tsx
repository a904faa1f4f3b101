import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SyncsSearch } from '../../model/search-schemas.ts';
import { statusWords } from '../../model/status.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { useNewRows } from '../../parts/new-rows/use-new-rows.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { connectorsQuery } from '../../server/queries/connectors.ts';
import { syncsQuery, type SyncFilter } from '../../server/queries/syncs.ts';
import { syncColumns } from '../../parts/sync-rows/sync-columns.tsx';

const statuses = [
  'queued',
  'running',
  'held',
  'completed',
  'completed-with-errors',
  'rejected',
  'failed',
  'cancelled',
  'skipped',
  'superseded',
];
const triggers = ['manual', 'high-priority', 'scheduled', 'event', 'poll', 'force', 'revert', 'purge'];
const names = {
  connector: 'connector',
  status: 'status',
  mode: 'mode',
  trigger: 'trigger',
  job: 'job',
  since: 'since',
};

/** The filters as people read them: names stay as they are. */
const inWords = ({ status, mode, trigger, ...named }: SyncFilter) => ({
  ...named,
  ...(status === undefined ? {} : { status: [status].flat().map(statusWords) }),
  ...(mode === undefined ? {} : { mode }),
  ...(trigger === undefined ? {} : { trigger: trigger.replaceAll('-', ' ') }),
});

/** Job Results: every sync, the newest first. */
export function Syncs() {
  const search: SyncsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const filter = Object.fromEntries(
    Object.keys(names).flatMap((name) => {
      const value = search[name as keyof SyncFilter];
      return value === undefined ? [] : [[name, value]];
    }),
  ) as SyncFilter;
  const set = (part: Partial<SyncFilter>) => void navigate({ to: '/syncs', search: { ...filter, ...part } });
  const chosen = [search.status ?? []].flat();
  const setStatuses = (status: string[]) => {
    set({ status: status.length > 1 ? status : status[0] });
  };
  const syncs = useInfiniteQuery(syncsQuery(filter));
  const connectors = useQuery(connectorsQuery);
  const { shown, hint } = useNewRows(
    JSON.stringify(filter),
    syncs.data?.pages.flatMap(({ items }) => items),
  );
  const filtered = Object.keys(filter).length > 0;
  return (
    <>
      <PageHead title="Job Results" tab={search.status === 'held' ? 'Held' : 'Job Results'} />
      <Card flush>
        <div className="toolbar">
          <FilterChips
            filters={inWords(filter)}
            onRemove={(each, value) => {
              if (each === 'status') setStatuses(chosen.filter((status) => statusWords(status) !== value));
              else set({ [each]: undefined });
            }}
            clear={() => void navigate({ to: '/syncs' })}
          >
            <Pick
              label="Connector"
              value={search.connector}
              options={(connectors.data ?? []).map(({ name }) => ({ value: name, label: name }))}
              onPick={(connector) => {
                set({ connector });
              }}
            />
            <Pick
              label="Status"
              none={chosen.length === 0 ? 'any' : 'one more'}
              value={undefined}
              options={statuses.filter((status) => !chosen.includes(status))}
              onPick={(status) => {
                if (status !== undefined) setStatuses([...chosen, status]);
              }}
            />
            <Pick
              label="Started by"
              value={search.trigger}
              options={triggers}
              onPick={(trigger) => {
                set({ trigger });
              }}
            />
            <Pick
              label="Mode"
              value={search.mode}
              options={['complete', 'incremental']}
              onPick={(mode) => {
                set({ mode });
              }}
            />
          </FilterChips>
        </div>
        <Answered query={syncs} rows={8}>
          {({ pages }) => {
            if (pages.every(({ items }) => items.length === 0))
              return filtered ? (
                <Empty icon="search" title="No sync fits these filters" />
              ) : (
                <Empty icon="syncs" title="No sync has run yet">
                  Start one on the page of a connector, or with <code>./syncline sync &lt;connector&gt;</code>.
                </Empty>
              );
            return (
              <>
                {hint}
                <DataTable
                  label="Job Results"
                  columns={syncColumns}
                  rows={shown}
                  rowKey={({ id }) => id}
                  tone={({ status }) => (status === 'held' ? 'warn' : status === 'failed' ? 'danger' : undefined)}
                  more={{
                    wanted: syncs.hasNextPage,
                    loading: syncs.isFetchingNextPage,
                    load: () => syncs.fetchNextPage(),
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
