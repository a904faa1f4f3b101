import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Problem } from '../state-block/state-block.tsx';
import styles from './confirm-dialog.module.css';

interface ConfirmProps {
  title: string;
  /** The button's words: what happens. */
  verb: string;
  danger?: boolean;
  /** Whether what has been filled in is enough. */
  ready?: boolean;
  onClose: () => void;
  /** One key a dialog: it is given to every attempt. */
  act: (key: string) => Promise<unknown>;
  /** After a success. */
  done?: (result: unknown) => void;
  size?: 'md' | 'lg';
  children: ReactNode;
}

/** Says what will happen to what, and does it. A refusal of the API stands in the dialog, with its way out. */
export function ConfirmDialog({
  title,
  verb,
  danger,
  ready = true,
  onClose,
  act,
  done,
  size = 'md',
  children,
}: ConfirmProps) {
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const result = await act(key);
      onClose();
      done?.(result);
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size={size}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void submit();
        }}
      >
        {error && <Problem error={error} />}
        {children}
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={danger ? 'red' : 'blue'} disabled={!ready} loading={busy}>
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
