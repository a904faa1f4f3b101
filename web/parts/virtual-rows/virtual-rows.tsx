import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { endsOf, firstRow, rowsOf, type RowWindow } from '../../model/row-window.ts';
import styles from './virtual-rows.module.css';

export interface RowColumn<Row> {
  title: string;
  width: string;
  cell: (row: Row) => ReactNode;
  /** The cell is the button that opens the row, for keys and screen readers. */
  opens?: boolean;
}

interface VirtualRowsProps<Row> {
  label: string;
  columns: readonly RowColumn<Row>[];
  loaded: RowWindow<Row>;
  /** Of the whole list; null: nobody has counted. */
  total: number | null;
  rowKey: (row: Row) => string;
  onNeed: (which: 'next' | 'before') => void;
  onOpen: (row: Row) => void;
  /** Told the places of the first and the last row in view. */
  onView?: (first: number, last: number) => void;
}

const rowHeight = 40;
const overscan = 8;
/** So many rows before an end of what is loaded, more is asked for. */
const ahead = 60;

/**
 * The rows to draw: those in view, and those that come into view when the scroll position follows rows that came or went in
 * front. Without the latter, a row would leave the document for a moment, and the focus with it.
 */
function drawn(range: Range, shift: number): number[] {
  const inView = defaultRangeExtractor(range);
  if (shift === 0) return inView;
  const end = Math.min(range.count - 1, range.endIndex + shift);
  const start = Math.max(0, range.startIndex + shift);
  if (end < start) return inView;
  const coming = defaultRangeExtractor({ ...range, startIndex: start, endIndex: end });
  return [...new Set([...inView, ...coming])].sort((a, b) => a - b);
}

/** Rows of one height, of which only those in view are in the document. */
export function VirtualRows<Row>(props: VirtualRowsProps<Row>) {
  const { label, columns, loaded, total, rowKey, onNeed, onOpen, onView } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = rowsOf(loaded);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    rangeExtractor: (range) => drawn(range, loaded.shift),
  });
  const items = virtual.getVirtualItems();
  const first = Math.max(0, (virtual.range?.startIndex ?? 0) - overscan);
  const last = Math.min(rows.length - 1, (virtual.range?.endIndex ?? 0) + overscan);
  const { next, before } = endsOf(loaded);
  // what was on the screen stays there when rows in front of it come or go
  useLayoutEffect(() => {
    if (scroller.current && loaded.shift !== 0) scroller.current.scrollTop += loaded.shift * rowHeight;
  }, [loaded]);
  useEffect(() => {
    if (rows.length === 0) return;
    if (next !== null && last >= rows.length - ahead) onNeed('next');
    else if (before !== null && first <= ahead) onNeed('before');
  });
  const base = firstRow(loaded) ?? 0;
  useEffect(() => {
    if (rows.length > 0) onView?.(base + first + 1, base + last + 1);
  }, [base, first, last, rows.length, onView]);
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      tabIndex={0}
      role="region"
      aria-label={`${label}, scrolls`}
      data-scrolls-rows
    >
      <div role="table" aria-label={label} aria-rowcount={total === null ? -1 : total + 1}>
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.row} style={template}>
            {columns.map(({ title }) => (
              <div key={title} role="columnheader">
                {title}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={rowKey(row)}
                role="row"
                aria-rowindex={base + index + 2}
                className={styles.row}
                style={{ ...template, transform: `translateY(${String(start)}px)` }}
                onClick={() => {
                  onOpen(row);
                }}
              >
                {columns.map(({ title, cell, opens }) => (
                  <div key={title} role="cell" className={styles.cell}>
                    {opens ? (
                      // the click goes on to the row, which opens
                      <button type="button" className={styles.opens}>
                        {cell(row)}
                      </button>
                    ) : (
                      cell(row)
                    )}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
