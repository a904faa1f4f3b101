import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../../parts/card/card.tsx';
import { OperationMark } from '../../parts/change-row/change-what.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { Changed, Value } from '../../parts/value/value.tsx';
import { Time } from '../../parts/time/time.tsx';
import { historyQuery } from '../../server/queries/resources.ts';
import { keyWords } from '../../words/key.ts';
import styles from './resource.module.css';

/** What has happened to a resource, the newest first, with the sync that did it. */
export function History({ type, of }: { type: string; of: readonly string[] }) {
  const history = useQuery(historyQuery(type, of));
  return (
    <Card title="History">
      <Answered query={history} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim">No change is kept: they are removed by retention.</p>
          ) : (
            <ol className={styles.history}>
              {items.map(({ kind, operation, property, target, before, after, sync }, i) => (
                <li key={`${sync.id} ${i}`}>
                  <Link to={`/syncs/${sync.id}`}>
                    <Time at={sync.at} />
                  </Link>
                  <OperationMark operation={operation} />
                  <span>
                    {kind === 'link' ? (
                      <>
                        <span className="dim">{property}</span> → {target && <Value value={keyWords(target.key)} />}
                      </>
                    ) : (
                      <Properties before={before} after={after} operation={operation} />
                    )}
                  </span>
                  <span className="dim">by {sync.syncedBy.replace(/^user:/, '')}</span>
                </li>
              ))}
            </ol>
          )
        }
      </Answered>
    </Card>
  );
}

function Properties({ before, after, operation }: { before: unknown; after: unknown; operation: string }) {
  const from = (before ?? {}) as Record<string, unknown>;
  const to = (after ?? {}) as Record<string, unknown>;
  const names = Object.keys({ ...from, ...to });
  return (
    <>
      {names.map((name) => (
        <span key={name} className={styles.property}>
          <span className="dim">{name}</span>{' '}
          {operation === 'update' ? (
            <Changed before={from[name]} after={to[name]} />
          ) : (
            <Value value={operation === 'delete' ? from[name] : to[name]} />
          )}
        </span>
      ))}
    </>
  );
}
