import { useNavigate } from '@tanstack/react-router';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { startSeveral } from '../../server/actions.ts';
import type { ConnectorStatus } from '../../server/types.ts';
import { counted } from '../../words/count.ts';
import styles from './overview.module.css';

interface SeveralProps {
  which: 'inventory' | 'users';
  connectors: readonly ConnectorStatus[];
  onClose: () => void;
}

/** Says which connectors are read before it starts any. */
export function SeveralDialog({ which, connectors, onClose }: SeveralProps) {
  const navigate = useNavigate();
  const active = connectors.filter((each) => each.active && (which === 'inventory' || each.counts.users !== null));
  const busy = active.filter(({ heldSync, runningSync }) => heldSync ?? runningSync);
  return (
    <ConfirmDialog
      title={which === 'inventory' ? 'Sync Inventory' : 'Sync Users'}
      verb={`Start ${counted(active.length - busy.length, 'sync', 'syncs')}`}
      ready={active.length > busy.length}
      onClose={onClose}
      act={(key) =>
        startSeveral(
          which,
          active.map(({ connector }) => connector),
          key,
        )
      }
      done={() => void navigate({ to: '/syncs' })}
    >
      <p>
        {which === 'inventory'
          ? 'Reads everything of every active connector. People are created and removed and all links follow; attributes of people who are stored stay as they are.'
          : 'Reads the people of every active connector and updates their attributes. Nobody is created or removed.'}{' '}
        Thresholds hold for each of them.
      </p>
      {active.length === 0 ? (
        <p>No active connector {which === 'users' ? 'has people.' : 'is there.'}</p>
      ) : (
        <ul className={styles.several}>
          {active.map(({ connector, displayName, heldSync, runningSync }) => (
            <li key={connector}>
              {displayName}
              {heldSync && <span className={styles.dim}> · left out: a sync is held</span>}
              {runningSync && <span className={styles.dim}> · left out: a sync is running</span>}
            </li>
          ))}
        </ul>
      )}
    </ConfirmDialog>
  );
}
