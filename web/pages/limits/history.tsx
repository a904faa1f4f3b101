import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { limitSeries, type LimitPoint, type LimitRow } from '../../model/limit-history.ts';
import { counterNames, counterTitles } from '../../model/review-gate.ts';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { LimitCharts } from '../../parts/limit-chart/limit-chart.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import { limitHistoryQuery } from '../../server/queries/syncs.ts';
import { count } from '../../words/count.ts';

const columns: Column<LimitRow>[] = [
  {
    title: 'Sync',
    width: 'minmax(0, 1.6fr)',
    cell: ({ syncId, at, status }) => (
      <>
        <Link to={`/syncs/${syncId}`}>
          <Time at={at} />
        </Link>
        <div className="small">
          <StatusMark status={status} plain />
        </div>
      </>
    ),
  },
  ...counterNames.map((name): Column<LimitRow> => ({
    title: counterTitles[name],
    align: 'end',
    cell: ({ points }) => <Counted point={points[name]} />,
  })),
];

function Counted({ point: { actual, limit, exceeded } }: { point: LimitPoint }) {
  return (
    <>
      {exceeded ? <strong>{count(actual)} exceeds</strong> : count(actual)}
      <div className="dim small">limit {count(limit)}</div>
    </>
  );
}

/** What the last syncs counted against the limits of their time: as charts, and as the table behind them. */
export function LimitHistory({ name }: { name: string }) {
  const history = useQuery(limitHistoryQuery(name));
  return (
    <Card title="The last syncs">
      <Answered query={history} rows={6}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon="syncs" title="No sync of the whole connector has been judged yet" />
          ) : (
            <div className="stack">
              <p className="dim">
                Each bar is a sync, the oldest first. The dashed line is the limit of that time, the tighter one of
                number and percentage. A bar with a cap exceeds it. The scale is logarithmic.
              </p>
              <LimitCharts series={limitSeries(rows)} />
              <details>
                <summary>The same as a table</summary>
                <DataTable
                  label="Counts against limits"
                  columns={columns}
                  rows={rows}
                  rowKey={({ syncId }) => syncId}
                />
              </details>
            </div>
          )
        }
      </Answered>
    </Card>
  );
}
