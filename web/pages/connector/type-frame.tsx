import { Button, Menu } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { SyncUsersDialog } from '../../dialogs/sync-users-dialog.tsx';
import { Card } from '../../parts/card/card.tsx';
import { DataTable, type Column } from '../../parts/data-table/data-table.tsx';
import { Time } from '../../parts/time/time.tsx';
import type { ConnectorStatus, ConnectorWithFile } from '../../server/types.ts';
import { Icon } from '../../theme/icons.tsx';
import { count } from '../../words/count.ts';

interface TypeFrameProps {
  name: string;
  file: ConnectorWithFile['file'];
  status: ConnectorStatus | undefined;
}

type Row = ConnectorStatus['entityTypes'][number];

const columnsOf = (name: string): Column<Row>[] => [
  {
    title: 'Entity type',
    width: 'minmax(0, 1.6fr)',
    cell: ({ entityType, displayName, retired }) => (
      <>
        <Link to={`/types/${entityType}`}>
          <strong>{displayName}</strong>
        </Link>
        <div className="dim small">
          {entityType}
          {retired && ', retired'}
        </div>
      </>
    ),
  },
  { title: 'Impacted', align: 'end', cell: ({ counts }) => count(counts.impacted) },
  {
    title: 'Not as the source',
    align: 'end',
    cell: ({ counts }) => count(counts.unsynced + counts.partial + counts.failed),
  },
  {
    title: 'Last sync',
    width: 'minmax(0, 1.2fr)',
    cell: ({ lastSync, displayName }) =>
      lastSync ? (
        <Link to={`/connectors/${name}`} search={{ syncStatus: name }} resetScroll={false}>
          <Time at={lastSync.at} />
          <span className="only-heard">, Sync Status of {displayName}</span>
        </Link>
      ) : (
        <span className="dim">never</span>
      ),
  },
];

const tasks: [string, string][] = [
  ['export', 'Export'],
  ['prepare', 'Prepare'],
  ['synchronize', 'Synchronize'],
  ['update-expressions', 'Update expressions'],
];

/** The entity types, with the button that starts syncs of them. */
export function TypeFrame({ name, file, status }: TypeFrameProps) {
  const navigate = useNavigate();
  const [users, setUsers] = useState(false);
  const start = (task?: string) =>
    void navigate({
      to: `/connectors/${name}`,
      search: { start: name, ...(task === undefined ? {} : { tasks: task }) },
      resetScroll: false,
    });
  const hasUsers = file.entityTypes.some((type) => type.users === true);
  return (
    <Card
      title="Entity Types"
      flush
      actions={
        <span className="row">
          {hasUsers && (
            <Button
              variant="default"
              onClick={() => {
                setUsers(true);
              }}
            >
              Sync Users
            </Button>
          )}
          <Button
            variant="default"
            onClick={() => {
              start();
            }}
          >
            Sync
          </Button>
          <Menu position="bottom-end" withinPortal={false}>
            <Menu.Target>
              <Button rightSection={<Icon name="down" size={12} />}>Jobs</Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                onClick={() => {
                  start();
                }}
              >
                All Tasks
              </Menu.Item>
              <Menu.Divider />
              {tasks.map(([task, title]) => (
                <Menu.Item
                  key={task}
                  onClick={() => {
                    start(task);
                  }}
                >
                  {title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </span>
      }
    >
      <DataTable
        label="Entity Types"
        columns={columnsOf(name)}
        rows={status?.entityTypes ?? []}
        rowKey={({ entityType }) => entityType}
      />
      {users && (
        <SyncUsersDialog
          name={name}
          onClose={() => {
            setUsers(false);
          }}
        />
      )}
    </Card>
  );
}
