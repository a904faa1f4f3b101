import type { Watch } from '../../model/watches.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { Value } from '../../parts/value/value.tsx';
import { count } from '../../words/count.ts';

/** So many values stand in a row; a watch may have a thousand. */
const shown = 5;

const Values = ({ values }: { values: readonly string[] }) => (
  <>
    {values.slice(0, shown).map((value, i) => (
      <span key={value}>
        {i > 0 && ', '}
        <Value value={value} />
      </span>
    ))}
    {values.length > shown && <span className="dim"> and {count(values.length - shown)} more</span>}
  </>
);

const columns: Column<Watch>[] = [
  { title: 'Of', cell: ({ scope }) => scope },
  {
    title: 'Watched',
    width: 'minmax(0, 1.6fr)',
    cell: ({ property, to, from }) => (
      <span>
        {property === undefined ? 'links to ' : `${property} becomes `}
        <Values values={to} />
        {from && (
          <>
            {' from '}
            <Values values={from} />
          </>
        )}
      </span>
    ),
  },
  {
    title: 'At most',
    align: 'end',
    cell: ({ maximumLines, maxPercentageLines }) =>
      [
        ...(maximumLines === undefined ? [] : [count(maximumLines)]),
        ...(maxPercentageLines === undefined ? [] : [`${count(maxPercentageLines)} %`]),
      ].join(', '),
  },
];

/** What the file says is rarely meant, and how many changes of it one sync may have. */
export function Watches({ watches }: { watches: readonly Watch[] }) {
  return (
    <Card title="Watches" flush={watches.length > 0}>
      {watches.length === 0 ? (
        <p className="dim">
          The connector file watches no value and no link. <code>watch</code> at an entity type or a navigation property
          does.
        </p>
      ) : (
        <DataTable label="Watches" columns={columns} rows={watches} rowKey={(_, place) => String(place)} />
      )}
    </Card>
  );
}
