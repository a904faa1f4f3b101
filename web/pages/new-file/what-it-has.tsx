import { Link } from '@tanstack/react-router';
import type { FileParts } from '../../model/file-parts.ts';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { counted } from '../../words/count.ts';
import styles from './new-file.module.css';

/** What a valid file would bring, and whether a connector has its name already. */
export function WhatItHas({ parts, taken }: { parts: FileParts; taken: boolean }) {
  return (
    <Card title="What it has" tone={taken ? 'warn' : undefined}>
      <Facts>
        <Fact term="Connector">
          {parts.displayName}
          {parts.displayName !== parts.name && ` (${parts.name})`}
        </Fact>
        <Fact term="Connections">{parts.connections.join(', ')}</Fact>
        <Fact term="Entity types">
          <ul className={styles.types} aria-label="Entity types of the file">
            {parts.types.map(({ name, table, key, properties, links }) => (
              <li key={name}>
                <strong>{name}</strong>
                {table !== '' && ` of ${table}`}
                <div className="dim small">
                  key {key.join(', ')}; {counted(properties, 'property', 'properties')}
                  {links.length > 0 && `; links ${links.join(', ')}`}
                </div>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact term="Limits of its own">
          {parts.limits.length === 0 ? 'none: the usual ones' : parts.limits.join(', ')}
        </Fact>
      </Facts>
      {taken && (
        <p>
          A connector has the name {parts.name} already. Change its file on{' '}
          <Link to={`/connectors/${parts.name}/file`}>its own page</Link>, or give this one another name.
        </p>
      )}
    </Card>
  );
}
