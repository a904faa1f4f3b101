import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { Empty } from '../../parts/state-block/state-block.tsx';
import type { Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { keptWords } from '../../words/kept.ts';

interface Row {
  name: string;
  part: boolean;
  stored: number;
  deleted: number;
  updated: number;
  inserted: number;
  rejected: number;
  kept?: number | undefined;
}

const number = (title: string, of: (row: Row) => number): Column<Row> => ({
  title,
  align: 'end',
  width: 'minmax(0, 0.7fr)',
  cell: (row) => (of(row) === 0 ? <span className="dim">0</span> : count(of(row))),
});

const columns: Column<Row>[] = [
  {
    title: 'Entity type',
    width: 'minmax(0, 2fr)',
    cell: ({ name, part, kept = 0 }) => (
      <>
        {part ? <span className="dim">{name}</span> : <strong>{name}</strong>}
        {kept > 0 && <div className="dim small">{keptWords(kept)}</div>}
      </>
    ),
  },
  number('Stored', ({ stored }) => stored),
  number('Deletes', ({ deleted }) => deleted),
  number('Updates', ({ updated }) => updated),
  number('Inserts', ({ inserted }) => inserted),
  number('Rejected', ({ rejected }) => rejected),
];

/** By entity type, and below each its links. */
export function CounterTable({ counters }: { counters: Sync['counters'] }) {
  const rows = Object.entries(counters).flatMap(([name, entity]): Row[] => [
    { name, part: false, ...entity },
    ...Object.entries(entity.links).map(([navigation, link]) => ({
      name: `${name}.${navigation} links`,
      part: true,
      ...link,
    })),
  ]);
  if (rows.length === 0) return <Empty icon="syncs" title="Nothing has been counted yet" />;
  return <DataTable label="Counters" columns={columns} rows={rows} rowKey={({ name }) => name} />;
}
