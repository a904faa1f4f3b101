import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Dialog } from '../dialog/dialog.tsx';
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
  /** The key is that of the attempt: the same again until the API has answered, so that nothing is done twice. */
  act: (key: string) => Promise<unknown>;
  /** After a success. */
  done?: (result: unknown) => void;
  /** After a success what stands in its place says what was done. */
  staysOpen?: boolean;
  size?: 'md' | 'lg';
  children: ReactNode;
}

const newKey = () => crypto.randomUUID();

/** Whether nothing was done: what is filled in may change, and is then another request. */
function wasRefused(thrown: unknown): boolean {
  const { status, code } = thrown as { status?: number; code?: string };
  return status !== undefined && status >= 400 && status < 500 && code !== 'idempotency-in-progress';
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
  staysOpen = false,
  size = 'md',
  children,
}: ConfirmProps) {
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const result = await act(key);
      if (!staysOpen) onClose();
      done?.(result);
    } catch (thrown) {
      setError(thrown as Error);
      if (wasRefused(thrown)) setKey(newKey());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={title} size={size}>
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
    </Dialog>
  );
}
