import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { typeMarks } from '../model/type-marks.ts';
import { typesQuery } from '../server/queries/resources.ts';
import { errorGroupsQuery } from '../server/queries/status.ts';
import { summaryQuery } from '../server/queries/syncs.ts';
import type { ConnectorStatus } from '../server/types.ts';
import styles from './nav.module.css';

/** So many held syncs are asked for which types they would change. */
const asked = 20;

interface NavTypesProps {
  status: readonly ConnectorStatus[] | undefined;
  onGo: () => void;
}

/** The entity types, by connector; those with open errors, or with changes that wait for a decision, say so. */
export function NavTypes({ status, onGo }: NavTypesProps) {
  const types = useQuery(typesQuery);
  const errors = useQuery(errorGroupsQuery({}));
  const held = (status ?? []).flatMap(({ heldSync }) => (heldSync ? [heldSync.syncId] : [])).slice(0, asked);
  const summaries = useQueries({ queries: held.map((id) => summaryQuery(id)) });
  const marks = typeMarks(
    errors.data?.items ?? [],
    summaries.flatMap(({ data }) => data?.groups ?? []),
  );
  const items = types.data?.items ?? [];
  const connectors = [...new Set(items.map(({ connector }) => connector))];
  return (
    <ul className={styles.types}>
      <li>
        <Link to="/types" className={styles.type} activeOptions={{ exact: true }} onClick={onGo}>
          All types
        </Link>
      </li>
      {connectors.map((connector) => {
        const known = status?.find((each) => each.connector === connector);
        return (
          <li key={connector}>
            <span className={styles.group}>
              {known?.displayName ?? connector}
              {known?.heldSync ? ' · held' : ''}
            </span>
            <ul>
              {items
                .filter((type) => type.connector === connector)
                .map(({ name, displayName }) => (
                  <li key={name}>
                    <Link to="/types/$type" params={{ type: name }} className={styles.type} onClick={onGo}>
                      {displayName}
                      {marks.get(name)?.map((mark) => (
                        <span key={mark} className={styles.mark}>
                          {' · '}
                          {mark}
                        </span>
                      ))}
                    </Link>
                  </li>
                ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}
