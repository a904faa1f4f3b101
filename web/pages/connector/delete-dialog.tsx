import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { deleteConnector } from '../../server/actions.ts';

interface DeleteProps {
  name: string;
  /** The newest that the page shows: another one is not deleted. */
  revision: number;
  onClose: () => void;
}

/** A connector without resources goes for good: its name is typed. */
export function DeleteDialog({ name, revision, onClose }: DeleteProps) {
  const navigate = useNavigate();
  const [seen] = useState(revision);
  const [typed, setTyped] = useState('');
  return (
    <ConfirmDialog
      title={`Delete ${name}`}
      verb={`Delete ${name}`}
      danger
      ready={typed.trim() === name}
      onClose={onClose}
      act={() => deleteConnector(name, seen)}
      done={() => void navigate({ to: '/connectors' })}
    >
      <p>
        Its file, its revisions and its syncs go for good. This is possible only when nothing of it is stored any more:
        first save a file without its entity types, then purge what is retired.
      </p>
      <TextInput
        label="Name of the connector"
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
