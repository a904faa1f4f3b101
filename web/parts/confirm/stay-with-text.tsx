import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { Dialog } from '../dialog/dialog.tsx';
import styles from './confirm-dialog.module.css';

/** The parts of an address that open a dialog over the page, which stays. */
const overThePage = ['syncStatus', 'start', 'tasks'];

const placeOf = ({ pathname, search }: { pathname: string; search: object }) =>
  JSON.stringify([pathname, Object.entries(search).filter(([name]) => !overThePage.includes(name))]);

/** Asks before text that is saved nowhere is given up: by a way to another page, by Back, or by closing the tab. */
export function StayWithText({ unsaved }: { unsaved: boolean }) {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && placeOf(current) !== placeOf(next),
    enableBeforeUnload: () => unsaved,
    withResolver: true,
  });
  if (leaving.status !== 'blocked') return null;
  return (
    <Dialog title="Leave without saving" onClose={leaving.reset}>
      <div className={styles.form}>
        <p>What you have typed is not saved. If you leave this page, it is lost.</p>
        <div className={styles.actions}>
          <Button variant="default" onClick={leaving.reset}>
            Stay
          </Button>
          <Button color="red" onClick={leaving.proceed}>
            Leave
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
