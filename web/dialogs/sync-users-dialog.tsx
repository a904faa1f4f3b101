import { useNavigate } from '@tanstack/react-router';
import { ConfirmDialog } from '../parts/confirm/confirm-dialog.tsx';
import { startSeveral } from '../server/actions.ts';

/** Reads the people of a connector. */
export function SyncUsersDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title={`Sync Users of ${name}`}
      verb="Start"
      onClose={onClose}
      act={async (key) => {
        const { items } = await startSeveral('users', [name], key);
        const [started] = items;
        if (started?.syncId === null) throw new Error(started.detail ?? 'It was not started.');
        return started;
      }}
      done={() => void navigate({ to: '/syncs', search: { connector: name } })}
    >
      <p>Reads the people of {name} and updates their attributes. Nobody is created or removed, and no link changes.</p>
    </ConfirmDialog>
  );
}
