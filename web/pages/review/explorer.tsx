import { Tabs } from '@mantine/core';
import { listEvidence, type ListName } from '../../model/review-gate.ts';
import { Card } from '../../parts/card/card.tsx';
import type { ChangesQuery, Summary, Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import { SampleList } from './sample-list.tsx';
import styles from './review.module.css';

interface ExplorerProps {
  sync: Sync;
  summary: Summary;
  digest: string;
  draftId: string | undefined;
  list: ListName;
  group: string | undefined;
  onList: (list: ListName) => void;
  onAllOfList: () => void;
}

const names: ListName[] = ['deletes', 'updates', 'inserts', 'links'];
const titles: Record<ListName, string> = { deletes: 'Deletes', updates: 'Updates', inserts: 'Inserts', links: 'Links' };
const operations = { deletes: 'delete', updates: 'update', inserts: 'insert' } as const;

/** The changes themselves. */
export function Explorer({ sync, summary, digest, draftId, list, group, onList, onAllOfList }: ExplorerProps) {
  const totals = totalsOf(summary);
  const chosen = summary.groups.find(({ id }) => id === group);
  const draft = draftId === undefined ? {} : { draft: draftId };
  const query: ChangesQuery = list === 'links' ? { kind: 'link' } : { kind: 'resource', operation: operations[list] };
  return (
    <Card title="Changes" id="changes" flush>
      <Tabs
        value={list}
        onChange={(tab) => {
          onList((tab ?? 'deletes') as ListName);
        }}
        keepMounted={false}
      >
        <Tabs.List className={styles.tabs}>
          {names.map((name) => (
            <Tabs.Tab key={name} value={name} onClick={toTop}>
              {titles[name]}
              <span className={styles.tabCount} aria-hidden="true">
                {count(totals[name])}
              </span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {names.map((name) => (
          <Tabs.Panel key={name} value={name}>
            {chosen && (
              <p className={styles.sampleFoot}>
                Only {chosen.entityType} {chosen.property ?? ''} {chosen.operation}s.{' '}
                <button type="button" className={styles.see} onClick={onAllOfList}>
                  All {titles[name].toLowerCase()}
                </button>
              </p>
            )}
            {chosen ? (
              <SampleList
                key={chosen.id}
                sync={sync}
                digest={digest}
                query={{ group: chosen.id, ...draft }}
                evidence={chosen.lines === totals[name] ? [listEvidence(name)] : []}
                label={titles[name]}
                total={chosen.lines}
              />
            ) : (
              <>
                {name === 'links' && summary.counts.linksDeleted > 0 && totals.links > 100 && (
                  <SampleList
                    sync={sync}
                    digest={digest}
                    query={{ kind: 'link', operation: 'delete', ...draft }}
                    evidence={[]}
                    label="Link deletes"
                    total={summary.counts.linksDeleted}
                  />
                )}
                <SampleList
                  sync={sync}
                  digest={digest}
                  query={{ ...query, ...draft }}
                  evidence={[listEvidence(name)]}
                  label={titles[name]}
                  total={totals[name]}
                />
              </>
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  );
}

/** Who opens a list sees it. */
const toTop = () => {
  document.getElementById('changes')?.scrollIntoView({ block: 'start' });
};

/** Of all that is proposed, whatever a draft applies of it. */
function totalsOf({ groups }: Summary): Record<ListName, number> {
  const totals = { deletes: 0, updates: 0, inserts: 0, links: 0 };
  for (const { kind, operation, property, transition, lines } of groups) {
    if (property !== null || transition !== null) continue;
    totals[kind === 'link' ? 'links' : (`${operation}s` as ListName)] += lines;
  }
  return totals;
}
