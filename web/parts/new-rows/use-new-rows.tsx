import { useState } from 'react';
import { newRows, type Beginning } from '../../model/new-rows.ts';
import { count } from '../../words/count.ts';
import styles from './new-rows.module.css';

/**
 * Keeps back what comes at the head of a list while somebody reads it.
 * @param of says which list it is: its filters
 * @param rows undefined while they are loading
 * @returns the rows to show, and the button that shows the others
 */
export function useNewRows<Row extends { id: string }>(of: string, rows: readonly Row[] | undefined) {
  const [beginning, setBeginning] = useState<Beginning>({ of: '', top: undefined });
  const ids = (rows ?? []).map(({ id }) => id);
  const begin = { of, top: ids[0] };
  const isOther = beginning.of !== of || beginning.top === undefined || !ids.includes(beginning.top);
  // another list, or the first rows of this one
  if (rows !== undefined && isOther && (beginning.of !== of || beginning.top !== begin.top)) setBeginning(begin);
  const since = isOther ? 0 : newRows(beginning, ids);
  return {
    shown: (rows ?? []).slice(since),
    hint:
      since === 0 ? null : (
        <button
          type="button"
          className={styles.hint}
          onClick={() => {
            setBeginning(begin);
          }}
        >
          {count(since)} new
        </button>
      ),
  };
}
