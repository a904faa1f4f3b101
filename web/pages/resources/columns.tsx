import { Link } from '@tanstack/react-router';
import type { Column } from '../../parts/data-table/data-table.tsx';
import { SyncItemButton } from '../../parts/sync-item-button/sync-item-button.tsx';
import { Value } from '../../parts/value/value.tsx';
import type { EntityType } from '../../server/types.ts';
import { keyToParam, keyWords } from '../../words/key.ts';
import { nextSort } from '../../model/resource-filter.ts';
import styles from './resources.module.css';

export interface Row {
  key: string[];
  label: string;
  managed: boolean | null;
  attributes: Record<string, unknown>;
}

interface Order {
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

/** @param property by which the list would be in the order of the column */
const sortOf = (property: string | null | undefined, { sort, onSort }: Order): Pick<Column<Row>, 'sort'> =>
  property == null
    ? {}
    : {
        sort: {
          now: sort === property ? 'ascending' : sort === `-${property}` ? 'descending' : undefined,
          onSort: () => {
            onSort(nextSort(sort, property));
          },
        },
      };

/** The label, the key, the first properties, and whether a resource is managed where somebody decides that. */
export function columnsOf(type: string, about: EntityType | undefined, order: Order): Column<Row>[] {
  const keys = new Set(about?.key ?? []);
  const shown = (about?.properties ?? [])
    .filter(({ name, retired, label }) => !retired && !keys.has(name) && !label)
    .slice(0, 3);
  return [
    {
      title: about?.label ?? 'Resource',
      ...sortOf(about?.label, order),
      width: 'minmax(0, 1.4fr)',
      cell: ({ key, label }) => (
        <Link to={`/types/${type}/$key`} params={{ key: keyToParam(key) }}>
          <Value value={label} />
        </Link>
      ),
    },
    {
      title: (about?.key ?? ['Key']).join(' · '),
      ...sortOf(about?.key.length === 1 ? about.key[0] : undefined, order),
      cell: ({ key }) => (
        <span className={styles.key}>
          <Value value={keyWords(key)} />
        </span>
      ),
    },
    ...shown.map(({ name }) => ({
      title: name,
      ...sortOf(name, order),
      cell: ({ attributes }: Row) => <Value value={attributes[name]} />,
    })),
    ...(about?.managedBy == null
      ? []
      : [
          {
            title: 'Managed',
            width: '90px',
            cell: ({ managed }: Row) => (managed === null ? <span className="dim">–</span> : managed ? 'yes' : 'no'),
          },
        ]),
  ];
}

/** Reads the resource of the row from its source now. @param onSync asked with its key */
export const itemColumn = (onSync: (key: string[]) => void): Column<Row> => ({
  title: 'Action',
  width: '92px',
  quiet: true,
  cell: ({ key }) => (
    <SyncItemButton
      of={key}
      onSync={() => {
        onSync(key);
      }}
    />
  ),
});

interface Choice {
  has: (id: string) => boolean;
  set: (id: string, key: string[], chosen: boolean) => void;
}

/** A tick that chooses the row. It is the last column: keys go to the link first. */
export const choiceColumn = ({ has, set }: Choice): Column<Row> => ({
  title: 'Choose',
  width: '64px',
  cell: ({ key, label }) => (
    <input
      type="checkbox"
      className={styles.tick}
      data-choose
      aria-label={`Choose ${label}`}
      checked={has(keyToParam(key))}
      onChange={(event) => {
        set(keyToParam(key), key, event.currentTarget.checked);
      }}
    />
  ),
});
