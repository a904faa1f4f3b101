interface Line {
  seq: number;
}

interface Page<Of extends Line> {
  items: readonly Of[];
  nextCursor: string | null;
}

/**
 * The pages of a log with one more line, in the order of the numbers.
 * @returns the same pages where they have the line, or it belongs behind what is loaded
 */
export function withLine<Of extends Line, P extends Page<Of>>(pages: readonly P[], line: Of): readonly P[] {
  const place = pages.findIndex(({ items }, i) => i === pages.length - 1 || line.seq <= (items.at(-1)?.seq ?? 0));
  const page = pages[place];
  if (!page || page.items.some(({ seq }) => seq === line.seq)) return pages;
  if (page.nextCursor !== null && line.seq > (page.items.at(-1)?.seq ?? 0)) return pages;
  const items = [...page.items, line].sort((a, b) => a.seq - b.seq);
  return pages.with(place, { ...page, items });
}
