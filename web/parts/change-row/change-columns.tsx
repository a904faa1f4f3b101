import type { Change } from '../../server/types.ts';
import type { Column } from '../data-table/data-table.tsx';
import { OperationMark, What, Whose } from './change-what.tsx';

/** The columns of a list of changes. */
export const changeColumns: Column<Change>[] = [
  { title: 'Change', width: '92px', cell: ({ operation }) => <OperationMark operation={operation} /> },
  { title: 'Type', width: 'minmax(0, 0.8fr)', cell: ({ entityType }) => <span className="dim">{entityType}</span> },
  { title: 'Who', width: 'minmax(0, 1fr)', cell: (change) => <Whose change={change} /> },
  { title: 'What', width: 'minmax(0, 2fr)', cell: (change) => <What change={change} /> },
];
