import type { ReactNode } from 'react';
import { DataTable, type Column } from '../data-table/data-table.tsx';
import { Answered } from '../state-block/state-block.tsx';

interface ErrorTableProps<Row> {
  label: string;
  /** A list that comes in pages. */
  query: {
    data: { pages: { items: Row[] }[] } | undefined;
    error: Error | null;
    isPending: boolean;
    dataUpdatedAt: number;
    refetch: () => unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
  columns: readonly Column<Row>[];
  /** Instead of a list without rows. */
  empty: ReactNode;
}

/** Errors in pages, which are loaded as they come into view. */
export function ErrorTable<Row>({ label, query, columns, empty }: ErrorTableProps<Row>) {
  return (
    <Answered query={query} rows={8}>
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        if (rows.length === 0) return empty;
        return (
          <DataTable
            label={label}
            columns={columns}
            rows={rows}
            rowKey={(_, place) => String(place)}
            more={{ wanted: query.hasNextPage, loading: query.isFetchingNextPage, load: query.fetchNextPage }}
          />
        );
      }}
    </Answered>
  );
}
