import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { choose, chooseAll, chosenOf, noneChosen } from '../../model/chosen-rows.ts';
import { SyncUsersDialog } from '../../dialogs/sync-users-dialog.tsx';
import { SyncItemDialog } from '../../dialogs/sync-item-dialog.tsx';
import { resourceFilter } from '../../model/resource-filter.ts';
import { writeSearch, type ResourcesSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { CsvLink } from '../../parts/csv-link/csv-link.tsx';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty, Problem } from '../../parts/state-block/state-block.tsx';
import { ProblemError } from '../../server/problem.ts';
import { browseQuery, typeQuery } from '../../server/queries/resources.ts';
import { Icon } from '../../theme/icons.tsx';
import { count } from '../../words/count.ts';
import { keyToParam } from '../../words/key.ts';
import { exactly } from '../../words/time.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { choiceColumn, columnsOf, itemColumn, type Row } from './columns.tsx';
import { ListFilters } from './list-filters.tsx';
import styles from './resources.module.css';

/** The resources of an entity type, now or as of an earlier sync. */
export function Resources() {
  const { type = '' }: { type?: string } = useParams({ strict: false });
  const search: ResourcesSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const about = useQuery(typeQuery(type));
  const [chosen, setChosen] = useState(noneChosen(''));
  const [item, setItem] = useState<readonly string[]>();
  const [users, setUsers] = useState(false);
  const filter = resourceFilter(search);
  const query = search.sort === undefined ? filter : { ...filter, sort: search.sort };
  const list = useInfiniteQuery(browseQuery(type, query));
  const set = (part: Record<string, string | string[] | undefined>) =>
    void navigate({ to: `/types/${type}`, search: { ...query, ...part } });
  const csv = `/v1/entity-types/${encodeURIComponent(type)}/resources.csv${writeSearch(query)}`;
  if (about.error)
    return (
      <>
        <PageHead
          title={
            about.error instanceof ProblemError && about.error.status === 404 ? `There is no entity type ${type}` : type
          }
          tab={type}
          path={[{ to: '/types', name: 'Resources' }]}
        />
        <Problem error={about.error} retry={() => void about.refetch()} />
      </>
    );
  const byHand = about.data?.managedBy === 'hand' && !about.data.retired && search.asOf === undefined;
  const of = `${type} ${JSON.stringify(filter)}`;
  const now = chosenOf(chosen, of);
  const columns = [
    ...columnsOf(type, about.data, {
      sort: search.sort,
      onSort: (sort) => {
        set({ sort });
      },
    }),
    ...(about.data?.retired === false && search.asOf === undefined ? [itemColumn(setItem)] : []),
    ...(byHand
      ? [
          choiceColumn({
            has: (id) => now.keys.has(id),
            set: (id, key, wanted) => {
              setChosen(choose(now, id, key, wanted));
            },
          }),
        ]
      : []),
  ];
  return (
    <>
      <PageHead
        title={about.data?.displayName ?? type}
        tab={type}
        path={[{ to: '/types', name: 'Resources' }]}
        actions={
          <>
            {about.data?.users === true && !about.data.retired && search.asOf === undefined && (
              <Button
                variant="default"
                onClick={() => {
                  setUsers(true);
                }}
              >
                Sync Users
              </Button>
            )}
            <CsvLink to={csv} />
          </>
        }
      >
        <p className="dim">
          {about.data ? `${count(about.data.counts.resources)} stored, from ` : ''}
          {about.data && <Link to={`/connectors/${about.data.connector}`}>{about.data.connector}</Link>}
        </p>
      </PageHead>
      {search.asOf !== undefined && (
        <p className={styles.asOf}>
          <Icon name="clock" /> State of {/^\d{4}-/.test(search.asOf) ? exactly(search.asOf) : 'an earlier sync'}, read
          only
        </p>
      )}
      <Card flush>
        <div className="toolbar">
          <ListFilters
            about={about.data}
            filter={filter}
            sort={search.sort}
            onSet={set}
            onClear={() => void navigate({ to: `/types/${type}` })}
          />
        </div>
        <Answered query={list} rows={10}>
          {({ pages }) => {
            const rows = pages.flatMap(({ items }) => items as Row[]);
            if (rows.length === 0)
              return Object.keys(filter).length > 0 ? (
                <Empty
                  icon="search"
                  title={`None${about.data ? ` of ${count(about.data.counts.resources)}` : ''} fits ${Object.keys(filter).length === 1 ? 'this filter' : `these ${String(Object.keys(filter).length)} filters`}`}
                />
              ) : (
                <Empty icon="resources" title="Nothing is stored yet">
                  A sync that is applied brings the first ones.
                </Empty>
              );
            return (
              <>
                {byHand && (
                  <ChosenBar
                    type={type}
                    keys={[...now.keys.values()]}
                    loaded={rows.length}
                    onAll={() => {
                      setChosen(
                        chooseAll(
                          now,
                          rows.map(({ key }) => [keyToParam(key), key]),
                        ),
                      );
                    }}
                    onNone={() => {
                      setChosen(noneChosen(of));
                    }}
                  />
                )}
                <DataTable
                  label={about.data?.displayName ?? type}
                  columns={columns}
                  rows={rows}
                  rowKey={({ key }) => keyToParam(key)}
                  total={Object.keys(filter).length === 0 ? (about.data?.counts.resources ?? -1) : -1}
                  more={{
                    wanted: list.hasNextPage,
                    loading: list.isFetchingNextPage,
                    load: () => list.fetchNextPage(),
                  }}
                />
              </>
            );
          }}
        </Answered>
      </Card>
      {users && about.data && (
        <SyncUsersDialog
          name={about.data.connector}
          onClose={() => {
            setUsers(false);
          }}
        />
      )}
      {item && (
        <SyncItemDialog
          type={type}
          of={item}
          onClose={() => {
            setItem(undefined);
          }}
        />
      )}
    </>
  );
}
