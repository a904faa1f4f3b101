import { useState } from 'react';
import { differing, marked, tooLong, valueText, type Stretch } from '../../model/value.ts';
import styles from './value.module.css';

/**
 * A value of a row. It cannot forge the page: it stands alone in its own direction, invisible characters are shown as marks,
 * and a long one is cut.
 */
export function Value({ value, differs }: { value: unknown; differs?: Stretch | undefined }) {
  const [whole, setWhole] = useState(false);
  if (value === null || value === undefined) return <span className={styles.nothing}>no value</span>;
  const text = valueText(value);
  if (text === '') return <span className={styles.nothing}>empty</span>;
  const shown = whole ? text : text.slice(0, tooLong);
  return (
    <bdi className={styles.value}>
      {marked(shown, differs).map((part, i) =>
        part.mark ? (
          <span key={i} className={styles.mark} title={part.name}>
            {part.text}
          </span>
        ) : part.differs ? (
          <span key={i} className={styles.differs}>
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
      {text.length > tooLong && !whole && (
        <button
          type="button"
          className={styles.more}
          onClick={() => {
            setWhole(true);
          }}
        >
          … {text.length - tooLong} more characters
        </button>
      )}
    </bdi>
  );
}

/** A value before and after, with the characters that differ. */
export function Changed({ before, after }: { before: unknown; after: unknown }) {
  const differs = differing(valueText(before), valueText(after));
  return (
    <span className={styles.changed}>
      <span className={styles.before}>
        <span className="only-heard">before: </span>
        <Value value={before} differs={differs?.before} />
      </span>
      <span aria-hidden="true" className={styles.arrow}>
        →
      </span>
      <span className={styles.after}>
        <span className="only-heard">after: </span>
        <Value value={after} differs={differs?.after} />
      </span>
    </span>
  );
}
