import { Link } from '@tanstack/react-router';
import { Dialog } from '../parts/dialog/dialog.tsx';
import styles from './keys-dialog.module.css';
import { places } from './shortcuts.ts';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const keys: [string, string][] = [
    ['/ or Ctrl-K', 'search'],
    ...Object.entries(places).map(([key, { name }]): [string, string] => [`g ${key}`, `go to ${name}`]),
    ['j, k', 'next and previous row; in a list, arrows too'],
    ['[, ]', 'previous and next page of a list'],
    ['n, p', 'next and previous property of those that change'],
    ['x', 'tick the row: as seen in the review, as chosen in a list'],
    ['f', 'to the filters'],
    ['Esc', 'close'],
    ['?', 'this list'],
  ];
  return (
    <Dialog onClose={onClose} title="Keys">
      <dl className={styles.keys}>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        No key decides or starts anything. <Link to="/settings">Settings</Link> turns single keys off.
      </p>
    </Dialog>
  );
}
