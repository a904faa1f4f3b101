import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { typedNumber } from '../../model/review-gate.ts';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { count } from '../../words/count.ts';

interface SaveProps {
  name: string;
  use: boolean;
  retires: readonly { entityType: string; resources: number }[];
  onClose: () => void;
  save: () => Promise<void>;
}

/** A revision that retires resources is used only with their number typed. */
export function SaveDialog({ name, use, retires, onClose, save }: SaveProps) {
  const [typed, setTyped] = useState('');
  const resources = use ? retires.reduce((sum, each) => sum + each.resources, 0) : 0;
  return (
    <ConfirmDialog
      title={use ? `Save and use the file of ${name}` : `Save the file of ${name}`}
      verb={use ? 'Save and use' : 'Save as newest'}
      danger={resources > 0}
      ready={resources === 0 || typedNumber(typed) === resources}
      onClose={onClose}
      act={save}
    >
      <p>
        {use
          ? 'The next sync uses it. A sync that is running or held keeps the revision with which it began.'
          : 'It becomes the newest revision, but no sync uses it until somebody reloads the connector.'}
      </p>
      {resources > 0 && (
        <>
          <p>
            {retires.map(({ entityType }) => entityType).join(', ')} would be retired: {count(resources)} resources are
            no longer synchronised.
          </p>
          <TextInput
            label="Number of resources that are retired"
            inputMode="numeric"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        </>
      )}
    </ConfirmDialog>
  );
}
