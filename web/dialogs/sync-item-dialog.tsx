import { useNavigate } from '@tanstack/react-router';
import { ConfirmDialog } from '../parts/confirm/confirm-dialog.tsx';
import { Value } from '../parts/value/value.tsx';
import { syncItem } from '../server/actions.ts';
import type { Sync } from '../server/types.ts';
import { keyWords } from '../words/key.ts';

/** Reads one resource from its source now. */
export function SyncItemDialog({ type, of, onClose }: { type: string; of: readonly string[]; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title="Sync item"
      verb="Sync item"
      onClose={onClose}
      act={(once) => syncItem(type, of, once)}
      done={(sync) => void navigate({ to: `/syncs/${(sync as Sync).id}` })}
    >
      <p>
        {type} <Value value={keyWords(of)} />
      </p>
      <p>Reads this one resource from its source and applies what has changed, its links included.</p>
    </ConfirmDialog>
  );
}
