import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { usualRows, type UsualRow } from '../../model/usual.ts';
import type { Summary } from '../../server/types.ts';
import { count, counted } from '../../words/count.ts';

const columns: Column<UsualRow>[] = [
  { title: 'Counter', width: 'minmax(0, 2fr)', cell: ({ name }) => name },
  {
    title: 'Today',
    align: 'end',
    cell: ({ today, unusual }) => (unusual ? <strong>{count(today)}</strong> : count(today)),
  },
  { title: 'Median', align: 'end', cell: ({ median }) => count(median) },
  { title: 'Most', align: 'end', cell: ({ max }) => count(max) },
];

/** The same counters of the last applied syncs, beside those of today. */
export function Usual({ summary }: { summary: Summary }) {
  const rows = usualRows(summary);
  return (
    <Card title="What is usual" flush>
      {summary.usual.syncs === 0 ? (
        <p className="dim pad">No earlier whole sync was applied, so nothing is usual yet.</p>
      ) : (
        <>
          <p className="dim pad">
            The last {counted(summary.usual.syncs, 'applied sync', 'applied syncs')} of this mode.
          </p>
          <DataTable label="What is usual" columns={columns} rows={rows} rowKey={({ name }) => name} />
        </>
      )}
    </Card>
  );
}
