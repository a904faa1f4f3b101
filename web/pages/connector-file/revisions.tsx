import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../../parts/card/card.tsx';
import { Time } from '../../parts/time/time.tsx';
import { revisionsQuery } from '../../server/queries/connectors.ts';
import styles from './connector-file.module.css';

interface RevisionsProps {
  name: string;
  used: number | null;
  shown: number;
}

/** Who saved what, and when; each opens, and is compared with the one that is shown. */
export function Revisions({ name, used, shown }: RevisionsProps) {
  const revisions = useQuery(revisionsQuery(name));
  return (
    <Card title="Revisions">
      <ul className={styles.revisions}>
        {(revisions.data?.items ?? []).map((each) => (
          <li key={each.revision}>
            <Link to={`/connectors/${name}/file`} search={{ revision: each.revision }}>
              Revision {each.revision}
            </Link>
            {each.revision === used && ' – in use'}
            {each.revision === shown && ' – shown'}
            {each.revision !== shown && (
              <>
                {' '}
                <Link to={`/connectors/${name}/file`} search={{ revision: shown, against: each.revision }}>
                  what differs
                </Link>
              </>
            )}
            <div className="dim small">
              <Time at={each.createdAt} />, {each.createdBy.replace(/^user:/, '')}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
