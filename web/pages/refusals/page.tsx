import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../parts/card/card.tsx';
import { OperationMark } from '../../parts/change-row/change-what.tsx';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { FilterChips } from '../../parts/filter-chips/filter-chips.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { Value } from '../../parts/value/value.tsx';
import { liftRefusal } from '../../server/actions.ts';
import { refusalsQuery } from '../../server/queries/connectors.ts';
import type { Refusal } from '../../server/types.ts';
import { keyToParam, keyWords } from '../../words/key.ts';

/** Changes that people have refused, and that syncs leave out. */
export function Refusals() {
  const { connector }: { connector?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const refusals = useQuery(refusalsQuery(connector));
  const [lift, setLift] = useState<Refusal>();
  const columns: Column<Refusal>[] = [
    { title: 'Change', width: '92px', cell: ({ operation }) => <OperationMark operation={operation} /> },
    {
      title: 'Of',
      width: 'minmax(0, 1.4fr)',
      cell: ({ entityType, key, label, property }) => (
        <>
          <Link to={`/types/${entityType}/$key`} params={{ key: keyToParam(key) }}>
            <Value value={label ?? keyWords(key)} />
          </Link>
          <div className="dim small">
            {entityType}
            {property === undefined ? '' : `.${property}`}
          </div>
        </>
      ),
    },
    {
      title: 'Why',
      width: 'minmax(0, 1.6fr)',
      cell: ({ reason, by, byName, syncId }) => (
        <>
          <Value value={reason} />
          <div className="dim small">
            {byName ?? by}, in <Link to={`/syncs/${syncId}`}>a sync</Link>
          </div>
        </>
      ),
    },
    { title: 'Until', cell: ({ expiresAt }) => <Time at={expiresAt} as="clock" /> },
    {
      title: 'Action',
      quiet: true,
      width: '90px',
      align: 'end',
      cell: (refusal) => (
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setLift(refusal);
          }}
        >
          Lift
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHead title="Refused changes" tab="Refused changes" />
      <Card flush>
        {connector !== undefined && (
          <div className="toolbar">
            <FilterChips
              filters={{ connector }}
              onRemove={() => void navigate({ to: '/refusals' })}
              clear={() => void navigate({ to: '/refusals' })}
            />
          </div>
        )}
        <Answered query={refusals} rows={5}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No refusal is in force">
                A change that is refused in a review stands here until it ends.
              </Empty>
            ) : (
              <DataTable label="Refused changes" columns={columns} rows={items} rowKey={({ id }) => id} />
            )
          }
        </Answered>
      </Card>
      {lift && (
        <ConfirmDialog
          title="Lift the refusal"
          verb="Lift"
          onClose={() => {
            setLift(undefined);
          }}
          act={() => liftRefusal(lift.id)}
        >
          <p>
            The next sync of {lift.connector} reads everything and proposes the {lift.operation} again, if the source
            still has it.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
