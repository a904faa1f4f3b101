import type { RowError } from '../../server/types.ts';
import { effectWords } from '../../words/errors.ts';
import { keyWords } from '../../words/key.ts';
import type { Column } from '../data-table/data-table.tsx';
import { Value } from '../value/value.tsx';

export const rowErrorColumns: Column<RowError>[] = [
  {
    title: 'Where',
    width: 'minmax(0, 1.1fr)',
    cell: ({ table, position, column }) => (
      <>
        <Value value={table} />{' '}
        {position !== null && (
          <span className="dim">
            <Value value={position} />
          </span>
        )}
        {column !== null && (
          <div className="dim small">
            <Value value={column} />
          </div>
        )}
      </>
    ),
  },
  {
    title: 'Resource',
    cell: ({ entityType, key }) => (
      <>
        {key === null ? <span className="dim">key unknown</span> : <Value value={keyWords(key)} />}
        <div className="dim small">{entityType}</div>
      </>
    ),
  },
  {
    title: 'What is wrong',
    width: 'minmax(0, 2.2fr)',
    cell: ({ code, message, value }) => (
      <>
        <strong>{code}</strong>
        <div>
          <Value value={message} />
        </div>
        {value !== null && (
          <div className="dim small">
            Value: <Value value={value} />
          </div>
        )}
      </>
    ),
  },
  { title: 'Costs', width: '120px', cell: ({ effect }) => effectWords[effect] },
];
