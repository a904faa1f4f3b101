import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../parts/confirm/confirm-dialog.tsx';
import { deleteJob } from '../server/job-actions.ts';
import type { Job } from '../server/types.ts';

/** A job goes for good: its name is typed. Only the revision that the page shows is deleted. */
export function DeleteJobDialog({ job, onClose, done }: { job: Job; onClose: () => void; done: () => void }) {
  const [typed, setTyped] = useState('');
  const [{ revision }] = useState(job);
  return (
    <ConfirmDialog
      title={`Delete ${job.name}`}
      verb={`Delete ${job.name}`}
      danger
      ready={typed.trim() === job.name}
      onClose={onClose}
      act={() => deleteJob(job.name, revision)}
      done={done}
    >
      <p>
        Its schedule ends, and nobody can run it any more. A running execution continues. The executions that it has had
        stay in Job Execution.
      </p>
      {job.builtin && <p>It came with Syncline, and it stays deleted.</p>}
      <TextInput
        label="Name of the job"
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
