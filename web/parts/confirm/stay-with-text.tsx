import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Dialog } from '../dialog/dialog.tsx';
import styles from './confirm-dialog.module.css';

/** The parts of an address that open a dialog over the page, which stays. */
const overThePage = ['syncStatus', 'start', 'tasks'];

const placeOf = ({ pathname, search }: { pathname: string; search: object }) =>
  JSON.stringify([pathname, Object.entries(search).filter(([name]) => !overThePage.includes(name))]);

/**
 * Asks before text that is saved nowhere is given up: by a way to another page, by Back, or by closing the tab.
 * @param isUnsaved asked at that moment
 * @returns the question, while it waits for an answer
 */
export function useStayWithText(isUnsaved: () => boolean): ReactNode {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isUnsaved() && placeOf(current) !== placeOf(next),
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  if (leaving.status !== 'blocked') return null;
  return <LeaveDialog where="this page" onStay={leaving.reset} onLeave={leaving.proceed} />;
}

export const StayWithText = ({ unsaved }: { unsaved: boolean }) => useStayWithText(() => unsaved);

interface LeaveProps {
  /** What is left. */
  where: string;
  onStay: () => void;
  onLeave: () => void;
}

export function LeaveDialog({ where, onStay, onLeave }: LeaveProps) {
  return (
    <Dialog title="Leave without saving" onClose={onStay}>
      <div className={styles.form}>
        <p>What you have typed is not saved. If you leave {where}, it is lost.</p>
        <div className={styles.actions}>
          <Button variant="default" onClick={onStay}>
            Stay
          </Button>
          <Button color="red" onClick={onLeave}>
            Leave
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
