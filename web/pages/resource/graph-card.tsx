import { Checkbox } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { layoutGraph } from '../../model/graph-layout.ts';
import type { ResourceSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { Diagram } from '../../parts/diagram/diagram.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { graphQuery } from '../../server/queries/resources.ts';
import type { Graph } from '../../server/types.ts';
import { counted } from '../../words/count.ts';
import { GraphLink } from './graph-link.tsx';
import styles from './graph.module.css';

interface GraphCardProps {
  type: string;
  of: readonly string[];
  label: string;
}

/** The links around a resource as a picture, and as a list for who reads rather than looks. */
export function GraphCard({ type, of, label }: GraphCardProps) {
  const search: ResourceSearch = useSearch({ strict: false });
  const depth = search.depth ?? '1';
  const navigate = useNavigate();
  const graph = useQuery({ ...graphQuery(type, of, depth), placeholderData: keepPreviousData });
  return (
    <Card
      title="Links around it"
      actions={
        <Checkbox
          label="Two links far"
          checked={depth === '2'}
          onChange={(event) =>
            void navigate({
              to: '.',
              search: event.currentTarget.checked ? { depth: '2' } : {},
              replace: true,
              resetScroll: false,
            })
          }
        />
      }
    >
      <Answered query={graph} rows={5}>
        {(data) =>
          data.nodes.length === 1 && data.edges.length === 0 ? (
            <p className="dim">No link leads to it or from it.</p>
          ) : (
            <>
              {data.more && (
                <p className="dim">
                  Not all of it: only the nearest {counted(data.nodes.length, 'resource')} and{' '}
                  {counted(data.edges.length, 'link')} are here.
                </p>
              )}
              <Diagram
                label={`Links around ${label}`}
                layout={(width) => layoutGraph(data.nodes, data.edges, width)}
                box={({ via }, place) => {
                  const node = data.nodes[place];
                  return (
                    node && (
                      <>
                        <GraphLink node={node} />
                        <span className={styles.via}>
                          {via === '' ? '' : `${via} · `}
                          {node.entityType}
                        </span>
                      </>
                    )
                  );
                }}
              />
              <GraphList {...data} />
            </>
          )
        }
      </Answered>
    </Card>
  );
}

/** Every link of the picture in words. It is made when it is opened: it may have a thousand lines. */
function GraphList({ nodes, edges }: Graph) {
  const [open, setOpen] = useState(false);
  return (
    <details
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>The same as a list</summary>
      {open && (
        <ul className={styles.list} aria-label="Links around it, as a list">
          {edges.map(({ from, to, property }) => {
            const [source, target] = [nodes[from], nodes[to]];
            if (!source || !target) return null;
            return (
              <li key={`${from} ${property} ${to}`}>
                <GraphLink node={source} /> <span className="dim">{property} →</span> <GraphLink node={target} />
              </li>
            );
          })}
        </ul>
      )}
    </details>
  );
}
