import { useNavigate } from '@tanstack/react-router';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { refreshSync } from '../../server/actions.ts';
import type { Sync } from '../../server/types.ts';

export function RefreshDialog({ sync, onClose }: { sync: Sync; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title="Read the source again"
      verb="Read again"
      onClose={onClose}
      act={(key) => refreshSync(sync.id, key)}
      done={(fresh) => void navigate({ to: `/syncs/${(fresh as Sync).id}` })}
    >
      <p>
        {sync.connector} is read again with the same mode and scope. If that succeeds, a new sync takes the place of
        this one, and says which changes are the same. If it fails, this one stays held.
      </p>
    </ConfirmDialog>
  );
}
