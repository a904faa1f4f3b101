import { useEffect, useRef, type ReactNode } from 'react';
import { RowsInView } from './rows-in-view.tsx';
import { Loading } from '../state-block/state-block.tsx';
import styles from './data-table.module.css';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** Width as in grid-template-columns; default: a share of what is left. */
  width?: string;
  align?: 'end';
  /** The column has no visible title. */
  quiet?: boolean;
  /** The list can be in the order of the column. */
  sort?: { now: 'ascending' | 'descending' | undefined; onSort: () => void };
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, place: number) => string;
  /** Of the whole list; -1: it is not known. */
  total?: number;
  /** Loads the next page when the end of the list comes into view. */
  more?: { wanted: boolean; loading: boolean; load: () => unknown };
  tone?: (row: Row) => string | undefined;
}

/** A list. On a narrow screen each row is a card, whose cells have the titles of their columns. */
export function DataTable<Row>({ label, columns, rows, rowKey, total, more, tone }: TableProps<Row>) {
  const template = { gridTemplateColumns: columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ') };
  return (
    <>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={total ?? (more?.wanted ? -1 : rows.length + 1)}
        className={styles.table}
      >
        <div role="rowgroup" className={styles.head}>
          <div role="row" className={styles.row} style={template} aria-rowindex={1}>
            {columns.map(({ title, align, quiet, sort }) => (
              <div key={title} role="columnheader" data-align={align} aria-sort={sort?.now}>
                {sort ? (
                  <button type="button" className={styles.sort} onClick={sort.onSort}>
                    {title}
                    {sort.now && <span aria-hidden="true">{sort.now === 'ascending' ? ' ▲' : ' ▼'}</span>}
                  </button>
                ) : (
                  <span className={quiet ? 'only-heard' : undefined}>{title}</span>
                )}
              </div>
            ))}
          </div>
        </div>
        <RowsInView count={rows.length}>
          {(i, measure) => {
            const row = rows[i];
            return (
              row !== undefined && (
                <div
                  key={rowKey(row, i)}
                  ref={measure}
                  data-index={i}
                  role="row"
                  className={styles.row}
                  style={template}
                  aria-rowindex={i + 2}
                  data-tone={tone?.(row)}
                >
                  {columns.map(({ title, cell, align, quiet }) => (
                    <div
                      key={title}
                      role="cell"
                      data-align={align}
                      className={styles.cell}
                      data-title={quiet ? undefined : title}
                    >
                      {cell(row)}
                    </div>
                  ))}
                </div>
              )
            );
          }}
        </RowsInView>
      </div>
      {more?.wanted && <LoadsOn {...more} />}
    </>
  );
}

/** Asks for the next page as soon as it comes near the window. */
function LoadsOn({ loading, load }: { loading: boolean; load: () => unknown }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!end.current || loading) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) load();
      },
      { rootMargin: '600px' },
    );
    observer.observe(end.current);
    return () => {
      observer.disconnect();
    };
  });
  return (
    <div ref={end}>
      <Loading rows={2} label="Loading more" />
    </div>
  );
}
