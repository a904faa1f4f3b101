import { Link } from '@tanstack/react-router';
import type { Column } from '../../parts/data-table/data-table.tsx';
import { SyncItemButton } from '../../parts/sync-item-button/sync-item-button.tsx';
import { Time } from '../../parts/time/time.tsx';
import { Value } from '../../parts/value/value.tsx';
import type { SyncError } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { clearedWithoutKey } from '../../words/errors.ts';
import { keyToParam, keyWords } from '../../words/key.ts';

/** What an error is about, where it is one resource. */
export interface Item {
  type: string;
  key: string[];
}

/** The columns of the errors of a group. @param onSync asked to read the resource of a row again */
export const objectColumns = (onSync: (item: Item) => void): Column<SyncError>[] => [
  {
    title: 'Object',
    width: 'minmax(0, 1.2fr)',
    cell: ({ entityType, key, table, position }) => (
      <>
        {entityType !== undefined && key !== undefined ? (
          <Link to={`/types/${entityType}/$key`} params={{ key: keyToParam(key) }}>
            <Value value={keyWords(key)} />
          </Link>
        ) : (
          <span className="dim">no object is known</span>
        )}
        <div className="dim small">
          <Value value={[table, position].filter(Boolean).join(', ') || null} />
        </div>
      </>
    ),
  },
  {
    title: 'What is wrong',
    width: 'minmax(0, 2fr)',
    cell: ({ message, entityType, key }) => (
      <>
        <Value value={message} />
        {entityType !== undefined && key === undefined && <div className="dim small">{clearedWithoutKey}</div>}
      </>
    ),
  },
  { title: 'Times', width: '72px', align: 'end', cell: ({ occurrences }) => count(occurrences) },
  { title: 'First seen', cell: ({ firstSeen }) => <Time at={firstSeen} /> },
  {
    title: 'Last seen',
    cell: ({ lastSeen, syncId }) => (
      <Link to={`/syncs/${syncId}`}>
        <Time at={lastSeen} />
      </Link>
    ),
  },
  {
    title: 'Action',
    width: '92px',
    quiet: true,
    cell: ({ entityType, key }) =>
      entityType !== undefined &&
      key !== undefined && (
        <SyncItemButton
          of={key}
          onSync={() => {
            onSync({ type: entityType, key });
          }}
        />
      ),
  },
];
