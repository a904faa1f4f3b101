import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { limitSeries } from '../../model/limit-history.ts';
import { Card } from '../../parts/card/card.tsx';
import { LimitCharts } from '../../parts/limit-chart/limit-chart.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { limitHistoryQuery } from '../../server/queries/syncs.ts';

/** What the last syncs counted against the limits, in little room. */
export function LimitSummary({ name }: { name: string }) {
  const history = useQuery(limitHistoryQuery(name));
  return (
    <Card title="Counts against limits" actions={<Link to={`/connectors/${name}/limits`}>Limits, and the table</Link>}>
      <Answered query={history} rows={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="dim">No sync of the whole connector has been judged yet.</p>
          ) : (
            <LimitCharts series={limitSeries(rows)} small />
          )
        }
      </Answered>
    </Card>
  );
}
