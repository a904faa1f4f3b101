import { Checkbox, Radio } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { hasThePlace } from '../model/in-the-way.ts';
import { overridesFault, overridesOf, type TypedLimits } from '../model/override-limits.ts';
import { ConfirmDialog } from '../parts/confirm/confirm-dialog.tsx';
import { startSync, type StartRequest } from '../server/actions.ts';
import { connectorsQuery } from '../server/queries/connectors.ts';
import { typesQuery } from '../server/queries/resources.ts';
import { syncsQuery } from '../server/queries/syncs.ts';
import type { Sync } from '../server/types.ts';
import { InTheWay } from './in-the-way.tsx';
import { OverrideFields } from './override-fields.tsx';
import styles from './dialogs.module.css';

const taskNames = ['export', 'prepare', 'synchronize', 'update-expressions'] as const;
type TaskName = (typeof taskNames)[number];

const does: Record<string, string> = {
  all: 'Reads the source, prepares the rows, compares them with what is stored, and applies what is within the thresholds.',
  export: 'Reads the source and keeps what it read. Nothing is compared or changed.',
  prepare: 'Maps and checks the rows of the last export. Nothing is compared or changed.',
  synchronize: 'Compares the last preparation with what is stored, and applies what is within the thresholds.',
  'update-expressions': 'Computes the expressions of stored resources again, without the source.',
};

interface StartProps {
  connector: string;
  /** One of the tasks; all of them if it is not named. */
  tasks: string | undefined;
  onClose: () => void;
}

/** Starts a sync, or one of its tasks: complete or incremental, as a dry run, limited to types, with limits of its own. */
export function StartDialog({ connector, tasks, onClose }: StartProps) {
  const navigate = useNavigate();
  const connectors = useQuery(connectorsQuery);
  const types = useQuery(typesQuery);
  const open = useInfiniteQuery(syncsQuery({ connector, status: ['queued', 'running', 'held'] }));
  const [mode, setMode] = useState<'complete' | 'incremental'>('complete');
  const [dryRun, setDryRun] = useState(false);
  const [typed, setTyped] = useState<TypedLimits>({});
  const [reason, setReason] = useState('');
  const [replaced, setReplaced] = useState('');
  const [limited, setLimited] = useState<string[]>([]);
  const found = connectors.data?.find(({ name }) => name === connector);
  const incremental = found?.modes.includes('incremental') ?? false;
  const task = taskNames.find((each) => each === tasks);
  const own = (types.data?.items ?? []).filter((type) => type.connector === connector && !type.retired);
  const other = open.data?.pages.flatMap(({ items }) => items).find(hasThePlace);
  const held = other?.status === 'held' ? other : undefined;
  // limits judge what is compared
  const judged = task === undefined || task === 'synchronize' || task === 'update-expressions';
  const overrides = judged ? overridesOf(typed, reason) : undefined;
  const fault = judged ? overridesFault(typed, reason) : undefined;
  const title = task === undefined ? `Sync ${connector}: All Tasks` : `${titleOf(task)} of ${connector}`;
  const body: StartRequest = {
    mode,
    dryRun,
    priority: 'high',
    ...(task === undefined ? {} : { tasks: [task] }),
    ...(overrides ? { overrides } : {}),
    ...(held ? { supersede: held.id } : {}),
    ...(limited.length > 0 ? { scope: { entityTypes: limited } } : {}),
  };
  return (
    <ConfirmDialog
      title={title}
      verb={held ? 'Replace and start' : 'Start'}
      danger={held !== undefined}
      size="lg"
      ready={found !== undefined && fault === undefined && (!held || replaced.trim() === connector)}
      onClose={onClose}
      act={async (key) => {
        try {
          return await startSync(connector, body, key);
        } catch (error) {
          // another one may have come first
          void open.refetch();
          throw error;
        }
      }}
      done={(sync) => void navigate({ to: `/syncs/${(sync as Sync).id}` })}
    >
      <p>{does[task ?? 'all']}</p>
      {other && <InTheWay sync={other} typed={replaced} onType={setReplaced} />}
      <Radio.Group
        label="What is read"
        value={mode}
        onChange={(chosen) => {
          setMode(chosen === 'incremental' ? 'incremental' : 'complete');
        }}
      >
        <div className={styles.fields}>
          <Radio value="complete" label="Complete" description="Everything; finds deletes" />
          <Radio
            value="incremental"
            label="Incremental"
            disabled={!incremental}
            description={
              incremental
                ? 'Only what has changed since the last sync'
                : 'Not possible: the connector file names no way to read only what has changed'
            }
          />
        </div>
      </Radio.Group>
      <Checkbox
        label="Dry run"
        description="Stops when the changes are counted and judged: nothing is held or applied"
        checked={dryRun}
        onChange={(event) => {
          setDryRun(event.currentTarget.checked);
        }}
      />
      {own.length > 1 && (
        <Checkbox.Group
          label="Only these entity types"
          description="None chosen: all of them"
          value={limited}
          onChange={setLimited}
        >
          <div className={styles.types}>
            {own.map(({ name, displayName }) => (
              <Checkbox key={name} value={name} label={displayName} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {judged && (
        <OverrideFields
          connector={connector}
          types={own}
          typed={typed}
          reason={reason}
          fault={fault}
          onChange={(limits, why) => {
            setTyped(limits);
            setReason(why);
          }}
        />
      )}
    </ConfirmDialog>
  );
}

const titleOf = (task: TaskName) =>
  ({ export: 'Export', prepare: 'Prepare', synchronize: 'Synchronize', 'update-expressions': 'Update expressions' })[
    task
  ];
