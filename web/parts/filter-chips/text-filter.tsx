import { useState } from 'react';
import styles from './text-filter.module.css';

interface TextFilterProps {
  label: string;
  value: string | undefined;
  onSet: (value: string | undefined) => void;
}

/** A filter that is typed, and holds from Enter on. Its `key` is the value in force, so that a chip taken off empties it. */
export function TextFilter({ label, value, onSet }: TextFilterProps) {
  const [text, setText] = useState(value ?? '');
  return (
    <form
      className={styles.text}
      onSubmit={(event) => {
        event.preventDefault();
        onSet(text.trim() === '' ? undefined : text.trim());
      }}
    >
      <label>
        <span>{label}</span>
        <input
          type="search"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
      </label>
    </form>
  );
}
