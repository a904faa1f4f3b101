import { useNavigate, useRouterState } from '@tanstack/react-router';
import { StartDialog } from './start-dialog.tsx';
import { SyncStatusDialog } from './sync-status-dialog.tsx';

/** Dialogs that have an address of their own, over the page on which they were opened. */
export function Dialogs({ syncStatus, start }: { syncStatus: string | undefined; start: string | undefined }) {
  const navigate = useNavigate();
  const location = useRouterState({ select: (state) => state.location });
  const close = () => {
    const { syncStatus: _status, start: _start, tasks: _tasks, ...rest } = location.search as Record<string, unknown>;
    void navigate({ to: location.pathname, search: rest, resetScroll: false });
  };
  return (
    <>
      {syncStatus !== undefined && <SyncStatusDialog connector={syncStatus} onClose={close} />}
      {start !== undefined && (
        <StartDialog connector={start} tasks={(location.search as { tasks?: string }).tasks} onClose={close} />
      )}
    </>
  );
}
