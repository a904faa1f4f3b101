import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ResourceLink, What, Whose } from '../../parts/change-row/change-what.tsx';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { typesQuery } from '../../server/queries/resources.ts';
import type { Change } from '../../server/types.ts';
import { keyToParam } from '../../words/key.ts';

interface PanelProps {
  change: Change;
  /** Whose sync it is of. */
  connector: string;
  onClose: () => void;
}

/** All of one change, at the side of the list. */
export function ChangePanel({ change, connector, onClose }: PanelProps) {
  const { entityType: type, key, kind, operation, id, state } = change;
  const types = useQuery(typesQuery);
  // a link that goes with its end may be of another connector
  const mapped = types.data?.items.find(({ name }) => name === type)?.connector ?? connector;
  return (
    <Dialog onClose={onClose} title={`${operation} of ${kind === 'link' ? `a link of ${type}` : type}`} aside>
      <div className="stack">
        <Whose change={change} />
        <What change={change} most={500} />
        <p className="dim">
          {id}, {state}
        </p>
        <p className="row">
          <ResourceLink type={type} of={key} />
          <Link to={`/connectors/${mapped}/preview`} search={{ type, key: keyToParam(key) }}>
            Explain: the record and its mapping
          </Link>
        </p>
      </div>
    </Dialog>
  );
}
