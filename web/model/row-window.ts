/**
 * The rows of a list of millions that are loaded: some pages that follow each other, at most `mostPages`. A page that comes at
 * one end drops one at the other; the cursors of both ends lead on.
 */
export interface Page<Row> {
  items: readonly Row[];
  nextCursor: string | null;
  prevCursor: string | null;
  /** The place of the first row in the whole list; null if nobody has counted. */
  from: number | null;
}

export interface RowWindow<Row> {
  pages: readonly Page<Row>[];
  /** Rows that were dropped or added in front by the last step: so far the view moves. */
  shift: number;
}

export const pageSize = 200;
export const mostPages = 50;

export const emptyWindow = { pages: [], shift: 0 } as const;

export function append<Row>({ pages }: RowWindow<Row>, page: Page<Row>): RowWindow<Row> {
  const all = [...pages, page];
  const dropped = all.slice(0, Math.max(0, all.length - mostPages));
  return { pages: all.slice(dropped.length), shift: -dropped.reduce((sum, { items }) => sum + items.length, 0) };
}

export function prepend<Row>({ pages }: RowWindow<Row>, page: Page<Row>): RowWindow<Row> {
  return { pages: [page, ...pages].slice(0, mostPages), shift: page.items.length };
}

export const rowsOf = <Row>({ pages }: RowWindow<Row>): readonly Row[] => pages.flatMap(({ items }) => items);

/** What leads on from the end, and back from the beginning; null where there is nothing more. */
export const endsOf = <Row>({ pages }: RowWindow<Row>): { next: string | null; before: string | null } => ({
  next: pages.at(-1)?.nextCursor ?? null,
  before: pages[0]?.prevCursor ?? null,
});

/** The place of the first loaded row in the whole list. */
export const firstRow = <Row>({ pages }: RowWindow<Row>): number | null => pages[0]?.from ?? null;
