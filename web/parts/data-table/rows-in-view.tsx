import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';

/** So many rows are all in the document: a search of the browser finds them. */
const short = 100;
/** Pixels of a row that nobody has seen yet. */
const usual = 42;

interface RowsProps {
  count: number;
  /** @param measure the `ref` of the row, for its height */
  children: (index: number, measure?: (row: Element | null) => void) => ReactNode;
}

/** The rows of a list that the window scrolls. Of a long one, those near the view are in the document. */
export function RowsInView({ count, children }: RowsProps) {
  if (count > short) return <RowsOfMany count={count}>{children}</RowsOfMany>;
  return <div role="rowgroup">{Array.from({ length: count }, (_, i) => children(i))}</div>;
}

function RowsOfMany({ count, children }: RowsProps) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = () => {
      if (body.current) setTop(Math.round(body.current.getBoundingClientRect().top + window.scrollY));
    };
    place();
    // what stands above the list may come and go, which changes the height of the page
    const watch = new ResizeObserver(place);
    watch.observe(document.body);
    return () => {
      watch.disconnect();
    };
  }, []);
  const virtual = useWindowVirtualizer({ count, estimateSize: () => usual, overscan: 12, scrollMargin: top });
  const items = virtual.getVirtualItems();
  const begins = (items[0]?.start ?? top) - top;
  const ends = (items.at(-1)?.end ?? top) - top;
  return (
    <div
      ref={body}
      role="rowgroup"
      style={{ paddingTop: begins, paddingBottom: Math.max(0, virtual.getTotalSize() - ends) }}
    >
      {items.map(({ index }) => children(index, virtual.measureElement))}
    </div>
  );
}
