import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { reloadConnector } from '../../server/actions.ts';

type Reloaded = Awaited<ReturnType<typeof reloadConnector>>;

/** Takes the newest revision into use, and then says what that has changed. */
export function ReloadDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [answer, setAnswer] = useState<Reloaded>();
  if (answer) return <WhatChanged name={name} answer={answer} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`Reload ${name}`}
      verb="Reload"
      // after a success the answer stands here
      onClose={onClose}
      staysOpen
      act={(key) => reloadConnector(name, key)}
      done={(result) => {
        setAnswer(result as Reloaded);
      }}
    >
      <p>The newest revision of its file is checked again and comes into use. A running or held sync keeps its own.</p>
    </ConfirmDialog>
  );
}

const parts = {
  entityTypes: 'entity type',
  properties: 'property',
  navigationProperties: 'navigation property',
} as const;

function WhatChanged({ name, answer, onClose }: { name: string; answer: Reloaded; onClose: () => void }) {
  const { revision, previousRevision, changes, filters } = answer;
  const lines = (Object.keys(parts) as (keyof typeof parts)[]).flatMap((part) => [
    ...changes[part].added.map((each) => `New ${parts[part]}: ${each}`),
    ...changes[part].retired.map((each) => `Retired ${parts[part]}: ${each}. What is stored of it stays.`),
  ]);
  return (
    <Dialog title={`${name} is reloaded`} onClose={onClose}>
      <div className="stack" role="status">
        <p>
          {revision === previousRevision
            ? `Revision ${String(revision)} is in use, as before.`
            : `Revision ${String(revision)} is in use${previousRevision === null ? '' : `; before, it was ${String(previousRevision)}`}.`}
        </p>
        {lines.length === 0 ? (
          <p>No entity type, property or navigation property came or went.</p>
        ) : (
          <ul className="stack" aria-label="What changed">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {filters.map(({ scope, parts: differ, since }) => (
          <p key={scope}>
            The filter of {scope} differs since revision {since} ({differ.join(', ')}): the first sync that would delete
            because of it is held.
          </p>
        ))}
        <div>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
