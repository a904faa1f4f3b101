import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { rejectSync } from '../../server/actions.ts';
import type { Summary, Sync } from '../../server/types.ts';

interface RejectProps {
  sync: Sync;
  summary: Summary;
  digest: string;
  onClose: () => void;
}

export function RejectDialog({ sync, summary, digest, onClose }: RejectProps) {
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      title={`Reject the sync of ${sync.connector}`}
      verb="Reject, change nothing"
      danger
      ready={reason.trim() !== ''}
      onClose={onClose}
      act={(key) => rejectSync(sync.id, { digest, reason: reason.trim() }, key)}
    >
      <p>{summary.reject}</p>
      <Textarea
        label="Reason"
        description="Kept with the sync: the next reviewer reads it"
        data-autofocus
        rows={3}
        maxLength={2000}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
