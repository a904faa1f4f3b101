import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { groupName } from '../../model/property-steps.ts';
import type { ChangesSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { CsvLink } from '../../parts/csv-link/csv-link.tsx';
import { OperationMark, What, Whose } from '../../parts/change-row/change-what.tsx';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { TextFilter } from '../../parts/filter-chips/text-filter.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { VirtualRows, type RowColumn } from '../../parts/virtual-rows/virtual-rows.tsx';
import { summaryQuery, syncQuery } from '../../server/queries/syncs.ts';
import type { Change } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { ChangePanel } from './change-panel.tsx';
import { Jump } from './jump.tsx';
import { Gone } from '../../parts/gone/gone.tsx';
import { PropertySteps } from './property-steps.tsx';
import { toQuery } from './query.ts';
import { useChanges } from './use-changes.ts';
import styles from './changes.module.css';

const columns: RowColumn<Change>[] = [
  { title: 'Change', width: '80px', cell: ({ operation }) => <OperationMark operation={operation} /> },
  { title: 'Type', width: 'minmax(110px, 0.8fr)', cell: ({ entityType }) => <span className="dim">{entityType}</span> },
  {
    title: 'Who',
    width: 'minmax(150px, 1fr)',
    opens: true,
    cell: (change) => <Whose change={change} />,
  },
  { title: 'What', width: 'minmax(240px, 2fr)', cell: (change) => <What change={change} most={2} /> },
  { title: 'State', width: '92px', cell: ({ state }) => <span className="dim">{state}</span> },
];

/** Every change of a sync, up to millions: a window of rows that follows the scroll bar, and a way to any part of the list. */
export function Changes() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const search: ChangesSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const sync = useQuery(syncQuery(id));
  const filter = toQuery(search);
  const list = useChanges(id, filter);
  const [open, setOpen] = useState<Change>();
  const [view, setView] = useState<[number, number]>();
  const summary = useQuery({ ...summaryQuery(id), enabled: (sync.data?.digest ?? null) !== null, retry: false });
  const groups = summary.data?.groups ?? [];
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ to: `/syncs/${id}/changes`, search: { ...filter, ...part } });
  const filters = Object.entries(filter);
  const shownGroup = groups.find((group) => group.id === filter.group);
  const ofAll = summary.data ? ` of ${count(summary.data.total)}` : '';
  const types = Object.keys(sync.data?.counters ?? {});
  const csv = `/v1/syncs/${id}/changes.csv?${new URLSearchParams(filter).toString()}`;
  const name = sync.data?.connector ?? '';
  return (
    <>
      <PageHead
        title={name === '' ? 'Changes' : `Changes of ${name}`}
        tab={`${name} · changes`}
        path={[
          { to: '/syncs', name: 'Job Results' },
          { to: `/syncs/${id}`, name: `Sync of ${name}` },
        ]}
        mark={sync.data && <StatusMark status={sync.data.status} />}
        actions={<CsvLink to={csv} />}
      />
      <Card flush>
        <div className="toolbar">
          <FilterChips
            filters={{ ...filter, ...(shownGroup ? { group: groupName(shownGroup) } : {}) }}
            onRemove={(each) => {
              set({ [each]: undefined });
            }}
            clear={() => void navigate({ to: `/syncs/${id}/changes` })}
          >
            <Pick
              label="Type"
              value={filter.entityType}
              options={types.map((type) => ({ value: type, label: type }))}
              onPick={(entityType) => {
                set({ entityType });
              }}
            />
            <Pick
              label="Kind"
              value={filter.kind}
              options={['resource', 'link']}
              onPick={(kind) => {
                set({ kind });
              }}
            />
            <Pick
              label="Operation"
              value={filter.operation}
              options={['delete', 'update', 'insert']}
              onPick={(operation) => {
                set({ operation });
              }}
            />
            <TextFilter
              key={`property ${filter.property ?? ''}`}
              label="Property"
              value={filter.property}
              onSet={(property) => {
                set({ property });
              }}
            />
            <TextFilter
              key={`key ${filter.key ?? ''}`}
              label="Key"
              value={filter.key}
              onSet={(key) => {
                set({ key });
              }}
            />
          </FilterChips>
          <div className={styles.place}>
            <span role="status">
              {view &&
                `rows ${count(view[0])}–${count(view[1])}${list.total === null ? '' : ` of ${count(list.total)}`}`}
            </span>
            <PropertySteps
              groups={groups}
              shown={filter.group}
              onShow={(group) =>
                void navigate({ to: `/syncs/${id}/changes`, search: group === undefined ? {} : { group } })
              }
            />
            <Jump missing={list.missing} parts={(list.total ?? 0) > 400} onJump={list.jump} />
          </div>
        </div>
        {list.error && <Problem error={list.error} retry={list.retry} />}
        {list.loaded === undefined ? (
          list.error === undefined && <Loading rows={10} />
        ) : list.loaded.pages[0]?.items.length === 0 ? (
          filters.length > 0 ? (
            <Empty
              icon="search"
              title={`None${ofAll} fits ${filters.length === 1 ? 'this filter' : `these ${String(filters.length)} filters`}`}
            >
              <Link to={`/syncs/${id}/changes`}>Clear filters</Link>
            </Empty>
          ) : sync.data?.changesRemovedAt != null ? (
            <Gone what="changes" at={sync.data.changesRemovedAt} />
          ) : (
            <Empty title="This sync changes nothing" />
          )
        ) : (
          <VirtualRows
            key={list.beginning}
            label="Changes"
            columns={columns}
            loaded={list.loaded}
            total={list.total}
            rowKey={({ id: each }) => each}
            onNeed={list.need}
            onOpen={setOpen}
            onView={list.onView(setView)}
          />
        )}
      </Card>
      {open && (
        <ChangePanel
          change={open}
          connector={name}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      )}
    </>
  );
}
