import { useState } from 'react';
import styles from './changes.module.css';

interface JumpProps {
  /** Why the list did not go to the key. */
  missing: string | undefined;
  /** The list is long enough to have parts. */
  parts: boolean;
  onJump: (place: { at: number } | { atKey: string }) => void;
}

/** Ways to a place of the list that nobody would scroll to. The filters stay. */
export function Jump({ missing, parts, onJump }: JumpProps) {
  const [key, setKey] = useState('');
  return (
    <span className={styles.steps}>
      <form
        className={styles.jump}
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== '') onJump({ atKey: key.trim() });
        }}
      >
        <label className={styles.jump}>
          <span>Go to key</span>
          <input
            type="search"
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
        </label>
        <button type="submit" className={styles.step} disabled={key.trim() === ''}>
          Go
        </button>
      </form>
      {missing !== undefined && <span role="alert">{missing}</span>}
      {parts && (
        <label className={styles.jump}>
          <span>Go to a part of the list</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.001"
            defaultValue="0"
            onChange={(event) => {
              onJump({ at: Number(event.currentTarget.value) });
            }}
          />
        </label>
      )}
    </span>
  );
}
