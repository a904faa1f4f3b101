import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { layoutMap } from '../../model/map-layout.ts';
import { Card } from '../../parts/card/card.tsx';
import { Diagram } from '../../parts/diagram/diagram.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { mapQuery } from '../../server/queries/connectors.ts';
import styles from './map.module.css';

/** Which connectors refer to which, and how each stands, as a picture and as a list. */
export function MapCard() {
  const map = useQuery(mapQuery);
  return (
    <Card title="Map">
      <Answered query={map} rows={4}>
        {({ connectors, edges }) => (
          <>
            <Diagram
              label="Map of connectors"
              layout={(width) =>
                layoutMap(
                  connectors.map(({ name }) => name),
                  edges,
                  width,
                )
              }
              box={(_, place) => {
                const connector = connectors[place];
                return (
                  connector && (
                    <>
                      <Link to={`/connectors/${connector.name}`}>{connector.displayName}</Link>
                      <span className={styles.state}>
                        <StatusMark plain status={connector.status ?? 'never synced'} />
                        {!connector.active && <StatusMark plain status="not active" />}
                      </span>
                    </>
                  )
                );
              }}
            />
            <details>
              <summary>The same as a list</summary>
              <ul className={styles.list} aria-label="Map of connectors, as a list">
                {connectors.map(({ name, displayName, active, status }) => {
                  const own = edges.filter(({ from }) => from === name);
                  return (
                    <li key={name}>
                      <Link to={`/connectors/${name}`}>{displayName}</Link>{' '}
                      <StatusMark plain status={status ?? 'never synced'} />{' '}
                      {!active && <StatusMark plain status="not active" />}
                      <span className="dim">{own.length === 0 ? 'refers to no other' : 'refers to'}</span>
                      {own.length > 0 && (
                        <ul>
                          {own.map(({ to, property }) => (
                            <li key={`${to} ${property}`}>
                              {to} <span className="dim">by {property}</span>
                            </li>
                          ))}
                        </ul>
                      )}
                    </li>
                  );
                })}
              </ul>
            </details>
          </>
        )}
      </Answered>
    </Card>
  );
}
