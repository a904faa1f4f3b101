import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '../../parts/card/card.tsx';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { Time } from '../../parts/time/time.tsx';
import { resetBreaker } from '../../server/actions.ts';
import { testQuery } from '../../server/queries/connectors.ts';
import type { ConnectorStatus, ConnectorWithFile } from '../../server/types.ts';
import { counted } from '../../words/count.ts';
import { TestDialog } from './test-dialog.tsx';

interface ConnectionsProps {
  name: string;
  file: ConnectorWithFile['file'];
  status: ConnectorStatus | undefined;
}

type Row = { connection: string; package: string; tested?: { ok: boolean; message: string } | undefined } & Partial<
  ConnectorStatus['connections'][number]
>;

/** From where it reads. A connection that is polled has a breaker, which a person can reset. */
export function Connections({ name, file, status }: ConnectionsProps) {
  const [reset, setReset] = useState<string>();
  const [testing, setTesting] = useState(false);
  const test = useQuery({ ...testQuery(name), enabled: false });
  // the directory has none
  const connections = 'connections' in file ? file.connections : [];
  const rows: Row[] = connections.map((connection) => ({
    ...status?.connections.find((each) => each.connection === connection.name),
    connection: connection.name,
    package: connection.package,
    tested: test.data?.connections.find((each) => each.connection === connection.name),
  }));
  const columns: Column<Row>[] = [
    { title: 'Connection', cell: (row) => <strong>{row.connection}</strong> },
    { title: 'Package', cell: (row) => row.package },
    {
      title: 'Last test',
      width: 'minmax(0, 1.4fr)',
      cell: ({ tested }) =>
        tested === undefined ? (
          <span className="dim">not tested</span>
        ) : (
          <>
            <StatusMark status={tested.ok ? 'completed' : 'failed'} words={tested.ok ? 'answers' : 'fails'} />
            <div className="small dim">
              <Time at={new Date(test.dataUpdatedAt).toISOString()} />. {tested.message}
            </div>
          </>
        ),
    },
    {
      title: 'Polling',
      width: 'minmax(0, 1.6fr)',
      cell: ({ state, failures, retryAt, nextAt, lastError }) => {
        if (state === undefined) return <span className="dim">not polled</span>;
        return (
          <>
            <StatusMark
              status={state}
              words={state === 'closed' ? 'polled' : `breaker ${state.replaceAll('-', ' ')}`}
            />
            {state === 'open' && retryAt ? (
              <div className="small dim">
                {counted(failures ?? 0, 'failure', 'failures')}; tried again <Time at={retryAt} />
              </div>
            ) : (
              nextAt && (
                <div className="small dim">
                  next <Time at={nextAt} />
                </div>
              )
            )}
            {lastError && <div className="small dim">{lastError.message}</div>}
          </>
        );
      },
    },
    {
      title: 'Action',
      quiet: true,
      width: '140px',
      align: 'end',
      cell: ({ state, connection }) =>
        state === 'open' || state === 'half-open' ? (
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              setReset(connection);
            }}
          >
            Reset breaker
          </Button>
        ) : null,
    },
  ];
  return (
    <Card
      title="Connections"
      flush
      actions={
        <Button
          variant="default"
          onClick={() => {
            setTesting(true);
          }}
        >
          Test
        </Button>
      }
    >
      <DataTable label="Connections" columns={columns} rows={rows} rowKey={({ connection }) => connection} />
      {testing && (
        <TestDialog
          name={name}
          onClose={() => {
            setTesting(false);
          }}
        />
      )}
      {reset !== undefined && (
        <ConfirmDialog
          title={`Reset the breaker of ${reset}`}
          verb="Reset breaker"
          onClose={() => {
            setReset(undefined);
          }}
          act={(key) => resetBreaker(name, reset, key)}
        >
          <p>The system is asked again at once, with a complete sync. If it still fails, polling stops again.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
