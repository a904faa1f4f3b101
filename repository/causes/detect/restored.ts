import { amount } from '../../../domain/amount.ts';
import { row, rows } from '../../database.ts';
import { count, type Detector, type Finding, type Search } from '../detector.ts';
import { explainedConditions, type Explained } from '../explained.ts';
import { proposed } from '../proposed.ts';

/** Of the changes that are proposed, and of those of the earlier sync. */
const mostOf = 0.8;
const ofEarlier = 0.5;
const syncsTried = 5;
const changesTried = 2000;

/** The change set undoes an earlier sync. */
export const restored: Detector = {
  code: 'restored',
  async find(search) {
    for (const earlier of await candidates(search)) {
      const found = await undone(search, earlier);
      if (found) return [found];
    }
    return [];
  },
};

interface Earlier {
  no: number;
  id: string;
  changes: number;
}

/** Applied syncs of about the same size, the newest first; a first load is not undone by a file without rows. */
function candidates({ tx, sync, connector, changes }: Search): Promise<Earlier[]> {
  return rows(
    tx,
    `select no, id, change_count as changes from (
       select no, id, change_count, counters from syncline.sync
       where connector = ? and no < ? and applied and not dry_run and changes_removed_at is null and change_count > 0
       order by no desc limit 30
     ) s where change_count between ? and ?
       and not exists (select from jsonb_each(counters) c
         where (c.value ->> 'stored')::bigint = 0 and (c.value ->> 'inserted')::bigint > 0)
     order by no desc limit ${String(syncsTried)}`,
    [connector, sync, Math.floor(mostOf * changes), Math.ceil(changes / ofEarlier)],
  );
}

async function undone(search: Search, earlier: Earlier): Promise<Finding | undefined> {
  const terms = everything(search, earlier.no);
  const { resource, link } = explainedConditions(search.sync, terms);
  const tried = { n: 0, undone: 0 };
  for (const [table, condition] of [
    ['change', resource],
    ['link_change', link],
  ] as const) {
    if (!condition) continue;
    const found = await row<{ n: number; undone: number }>(
      search.tx,
      `select count(*)::int as n, count(*) filter (where ${condition.sql})::int as undone from (
         select * from syncline.${table} c where ${proposed(search.sync, 'c')} and c.seq % ? = 0
       ) c`,
      [...condition.bindings, Math.ceil(search.changes / changesTried)],
    );
    tried.n += found?.n ?? 0;
    tried.undone += found?.undone ?? 0;
  }
  if (tried.n === 0 || tried.undone < mostOf * tried.n) return undefined;
  return {
    entityType:
      search.subjects.find((type) => type.inserted + type.updated + type.deleted > 0)?.name ??
      search.subjects[0]?.name ??
      '',
    message: `The changes undo ${count(Math.round((tried.undone * search.changes) / tried.n))} of the ${amount(earlier.changes, 'change')} of an earlier sync.`,
    examples: [],
    counts: { changesOfThatSync: earlier.changes },
    explains: terms,
    syncId: earlier.id,
  };
}

function everything({ subjects }: Search, undoes: number): Explained[] {
  return subjects.flatMap((type) => [
    ...(['i', 'u', 'd'] as const).map((operation): Explained => ({
      kind: 'resource',
      type: type.id,
      operation,
      where: { undoes },
    })),
    ...type.links.flatMap(({ id }) =>
      (['i', 'u', 'd'] as const).map((operation): Explained => ({
        kind: 'link',
        property: id,
        operation,
        where: { undoes },
      })),
    ),
  ]);
}
