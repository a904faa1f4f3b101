import { keyWords } from '../../words/key.ts';
import { Value } from '../value/value.tsx';

interface SyncItemButtonProps {
  of: readonly string[];
  onSync: () => void;
}

/** Of a row of a list: reads its resource from the source now. */
export function SyncItemButton({ of, onSync }: SyncItemButtonProps) {
  return (
    <button type="button" className="plain" onClick={onSync}>
      Sync item
      <span className="only-heard">
        {' '}
        <Value value={keyWords(of)} />
      </span>
    </button>
  );
}
