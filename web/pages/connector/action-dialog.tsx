import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { typedNumber } from '../../model/review-gate.ts';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { purgeConnector, setActive } from '../../server/actions.ts';
import { typesQuery } from '../../server/queries/resources.ts';
import type { Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { ReloadDialog } from './reload-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';

export type ConnectorAction = 'activate' | 'deactivate' | 'reload' | 'purge' | 'test';

interface ActionProps {
  name: string;
  action: ConnectorAction;
  onClose: () => void;
}

export function ActionDialog({ name, action, onClose }: ActionProps) {
  switch (action) {
    case 'activate':
      return (
        <ConfirmDialog
          title={`Activate ${name}`}
          verb="Activate"
          onClose={onClose}
          act={(key) => setActive(name, true, key)}
        >
          <p>Scheduled jobs and polling take it again.</p>
        </ConfirmDialog>
      );
    case 'deactivate':
      return (
        <ConfirmDialog
          title={`Deactivate ${name}`}
          verb="Deactivate"
          onClose={onClose}
          act={(key) => setActive(name, false, key)}
        >
          <p>Scheduled jobs and polling leave it out. What is stored stays, and a sync can still be started by hand.</p>
        </ConfirmDialog>
      );
    case 'reload':
      return <ReloadDialog name={name} onClose={onClose} />;
    case 'test':
      return <TestDialog name={name} onClose={onClose} />;
    case 'purge':
      return <PurgeDialog name={name} onClose={onClose} />;
  }
}

/** What goes for good is typed as its number. */
function PurgeDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const navigate = useNavigate();
  const types = useQuery(typesQuery);
  const [typed, setTyped] = useState('');
  const retired = (types.data?.items ?? []).filter((type) => type.connector === name && type.retired);
  const resources = retired.reduce((sum, { counts }) => sum + counts.resources, 0);
  return (
    <ConfirmDialog
      title={`Purge what is retired of ${name}`}
      verb={`Purge ${count(resources)} resources`}
      danger
      ready={types.data !== undefined && typedNumber(typed) === resources}
      onClose={onClose}
      act={(key) => purgeConnector(name, key)}
      done={(sync) => void navigate({ to: `/syncs/${(sync as Sync).id}` })}
    >
      <p>
        {retired.length === 0
          ? 'No entity type of it is retired; retired properties are removed, if there are some.'
          : `${retired.map((type) => `${type.displayName} (${count(type.counts.resources)})`).join(', ')}: they are no longer in the connector file. Their resources and links are removed, as a sync that is held where it exceeds the thresholds.`}
      </p>
      <TextInput
        label="Number of resources that go"
        value={typed}
        inputMode="numeric"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
