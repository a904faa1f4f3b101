import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import type { ThresholdAdvice } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { limitWords, periodWords } from '../../words/limits.ts';

type Window = ThresholdAdvice['windows'][number];

const columns: Column<Window>[] = [
  { title: 'In', width: '92px', cell: ({ window }) => periodWords(window) },
  { title: 'Limit', width: 'minmax(0, 1.6fr)', cell: ({ name }) => limitWords(name) },
  {
    title: 'In force',
    align: 'end',
    cell: ({ name, limit, limitLines }) =>
      name.includes('Percentage') ? (
        <>
          {count(limit)} %<div className="dim small">now {count(limitLines)}</div>
        </>
      ) : (
        count(limit)
      ),
  },
  {
    title: 'Used',
    align: 'end',
    cell: ({ used, limitLines }) => (used > limitLines ? <strong>{count(used)}, all of it</strong> : count(used)),
  },
];

/** What all syncs together may delete in a period, and how much of that is used. */
export function Windows({ windows }: { windows: readonly Window[] }) {
  return (
    <Card title="Windows" flush>
      <p className="pad dim">
        What all syncs together may delete. Deletes that a person approved do not count. A sync that deletes beyond a
        window is held.
      </p>
      <DataTable label="Windows" columns={columns} rows={windows} rowKey={({ window, name }) => `${window} ${name}`} />
    </Card>
  );
}
