/** A table that reads well on a terminal and is Markdown: the first column to the left, all others to the right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) =>
    Math.max(3, ...[header, ...rows].map((row) => widthOf(row[column] ?? name))),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column > 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column > 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

const widthOf = (text: string) => Array.from(text).length;

function pad(text: string, width: number, toRight: boolean): string {
  const blanks = ' '.repeat(width - widthOf(text));
  return toRight ? blanks + text : text + blanks;
}

export const thousands = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 0 });
export const megabytes = (n: number | undefined): string => (n === undefined ? '–' : `${thousands(n)} MB`);

export function seconds(n: number): string {
  if (!Number.isFinite(n)) return '–';
  return n < 0.0995 ? n.toFixed(3) : n < 99.5 ? n.toFixed(2) : n.toFixed(0);
}

/** As in `0.42 ×`. */
export const times = (n: number): string => (Number.isFinite(n) ? `${n.toFixed(n < 10 ? 2 : 1)} ×` : '–');
