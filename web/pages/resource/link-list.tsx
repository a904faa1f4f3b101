import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../parts/card/card.tsx';
import { Problem } from '../../parts/state-block/state-block.tsx';
import { Value } from '../../parts/value/value.tsx';
import { readLinks, type LinksOf } from '../../server/queries/resources.ts';
import type { FullResource } from '../../server/types.ts';
import { Icon } from '../../theme/icons.tsx';
import { count } from '../../words/count.ts';
import { keyToParam, keyWords } from '../../words/key.ts';
import styles from './resource.module.css';

type Links = FullResource['links'][string];

/** Links that lead from, or to, a resource; an eye opens the other end. */
export function LinkList({ title, of, links }: { title: string; of: LinksOf; links: Links }) {
  const [more, setMore] = useState<{ items: Links['items']; cursor: string | null }>();
  const [error, setError] = useState<Error>();
  const items = [...links.items, ...(more?.items ?? [])];
  const cursor = more === undefined ? links.nextCursor : more.cursor;
  const mixed = new Set(items.map(({ entityType }) => entityType)).size > 1;
  const load = () => {
    if (cursor === null) return;
    readLinks(of, cursor).then(
      (page) => {
        setMore({ items: [...(more?.items ?? []), ...page.items], cursor: page.nextCursor });
        setError(undefined);
      },
      (thrown: unknown) => {
        setError(thrown as Error);
      },
    );
  };
  return (
    <Card title={title} actions={<span className="dim">{count(links.total)}</span>}>
      {error && <Problem error={error} retry={load} />}
      {items.length === 0 ? (
        <p className="dim">None.</p>
      ) : (
        <ul className={styles.links}>
          {items.map(({ entityType, key, label }) => (
            <li key={`${entityType} ${keyToParam(key)}`}>
              <Link
                to={`/types/${entityType}/$key`}
                params={{ key: keyToParam(key) }}
                aria-label={`Open ${label} (${entityType})`}
                className={styles.link}
              >
                <Icon name="eye" />
                <Value value={label} />
              </Link>
              <span className={styles.key}>
                <Value value={keyWords(key)} />
              </span>
              {mixed && <span className="dim">{entityType}</span>}
            </li>
          ))}
        </ul>
      )}
      {cursor !== null && (
        <button type="button" className="plain" onClick={load}>
          Show more of {count(links.total)}
        </button>
      )}
    </Card>
  );
}
