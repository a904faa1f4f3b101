import { randomUUID } from 'node:crypto';
import type { RowDecision } from '../../domain/draft.ts';
import type { ChangedSync, ChangeFilter } from '../../repository/change-filter.ts';
import { labelsOf } from '../../repository/changes/labels.ts';
import { pageOfChanges, type PageStart } from '../../repository/changes/pages.ts';
import { sampleOfChanges } from '../../repository/changes/sample.ts';
import { allowWork, row, type Database } from '../../repository/database.ts';
import { markLeftOut } from '../../repository/draft-outcome.ts';
import { insertDraft } from '../../repository/drafts/drafts.ts';
import { makeDraft } from '../../repository/drafts/make.ts';
import type { Rule } from '../../repository/drafts/match.ts';
import { storeRows } from '../../repository/drafts/rows.ts';
import { readSummary } from '../../repository/summary/read-summary.ts';
import { timed } from '../statistics.ts';

export interface Measured {
  what: string;
  milliseconds: number[];
}

const times = 3;

type Measure = (what: string, work: () => Promise<unknown>, repeated?: number) => Promise<void>;
type Page = (what: string, filter: ChangeFilter, start?: PageStart) => Promise<void>;

/** A cause that explains the deletes of people, and so the links that go with them. */
async function measureCause(db: Database, no: number, page: Page, measure: Measure): Promise<void> {
  const person = await row<{ id: number }>(db, `select id from syncline.entity_type where name = 'Person'`);
  const causes = { c1: [{ kind: 'resource', type: person?.id, operation: 'd' }] };
  await db.raw('update syncline.sync set cause_rows = ?::jsonb where no = ?', [JSON.stringify(causes), no]);
  await page('page, a cause', { cause: 'c1' });
  await page('page, links that a cause explains, from the middle', { cause: 'c1', kind: 'link' }, { at: 0.5 });
  await measure('draft, a cause is deferred', () => draft(db, no, [{ decision: 'defer', filter: { cause: 'c1' } }]));
}

/** Drafts are worked out and stored, then undone; the last one is marked in the change set as well, as apply does. */
async function measureDrafts(db: Database, sync: ChangedSync, measure: Measure): Promise<void> {
  const { no } = sync;
  const updates = { entityType: 'Person', kind: 'resource', operation: 'update' } as const;
  const few = { ...updates, transition: { property: 'status', from: 'active', to: 'leaved' } };
  await measure('draft, ten keys refused', () =>
    draft(db, no, [{ decision: 'refuse', filter: { entityType: 'Person', keys: tenKeys } }]),
  );
  await measure('draft, updates of a property deferred', () =>
    draft(db, no, [{ decision: 'defer', filter: { ...updates, property: 'department' } }]),
  );
  await measure('draft, a transition deferred', () => draft(db, no, [{ decision: 'defer', filter: few }]));
  await measure('draft, deletes deferred', () =>
    draft(db, no, [{ decision: 'defer', filter: { operation: 'delete' } }]),
  );
  await measure('draft, only links applied', () =>
    draft(db, no, [{ decision: 'apply', filter: { kind: 'link' } }], 'defer'),
  );
  const department = { ...updates, property: 'department' };
  await measure(
    'draft, updates of a property deferred, and marked',
    () => draft(db, no, [{ decision: 'defer', filter: department }], 'apply', true),
    1,
  );
  await measure('draft, everything deferred, and marked', () => draft(db, no, [], 'defer', true), 1);
}

const tenKeys = Array.from({ length: 10 }, (_, i) => `E${String(400_000 + i).padStart(7, '0')}`);

class Undo extends Error {}

async function draft(
  db: Database,
  no: number,
  rules: readonly Rule[],
  otherwise: RowDecision = 'apply',
  marked = false,
): Promise<void> {
  const of = { no, id: randomUUID(), digest: 'sha256:0', applied: false, status: 'held' } as const;
  try {
    await db.transaction(async (tx) => {
      await allowWork(tx);
      const made = await makeDraft(
        tx,
        of,
        { rules, otherwise },
        rules.map(() => null),
      );
      const { no: number } = await insertDraft(tx, no, {
        ...made,
        ...{ id: randomUUID(), by: 'bench', rules: [], otherwise, note: null },
      });
      await storeRows(tx, number, made.rows);
      if (marked) await markLeftOut(tx, no, number);
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
}

/** Measures the summary of a change set, made anew each time, then pages of its lists with their labels. */
export async function measureReview(db: Database, no: number): Promise<Measured[]> {
  const sync = await row<ChangedSync & { digest: string }>(
    db,
    'select no, digest, status, applied from syncline.sync where no = ?',
    [no],
  );
  if (!sync) throw new Error('the sync is gone');
  const measured: Measured[] = [];
  const tell = (each: Measured) => {
    measured.push(each);
    process.stderr.write(`${each.what}: ${each.milliseconds.map((n) => n.toFixed(0)).join(', ')} ms\n`);
  };
  const measure: Measure = async (what, work, repeated = times) => {
    const milliseconds: number[] = [];
    for (let n = 0; n < repeated; n++) milliseconds.push(1000 * (await timed(work)).seconds);
    tell({ what, milliseconds });
  };
  const remove = () =>
    db
      .raw('delete from syncline.summary where sync = ?', [no])
      .then(() => db.raw('delete from syncline.change_spans where sync = ?', [no]));
  const made: number[] = [];
  for (let n = 0; n < times; n++) {
    await remove();
    made.push(1000 * (await timed(() => readSummary(db, no))).seconds);
  }
  tell({ what: 'summary, made', milliseconds: made });
  await measure('summary, read', () => readSummary(db, no));
  const page = (what: string, filter: ChangeFilter, start: PageStart = {}, limit = 50) =>
    measure(what, async () => {
      const { found } = await pageOfChanges(db, sync, filter, start, limit);
      const ends = found.flatMap(({ own, target }) => (target ? [own, target] : [own]));
      return labelsOf(db, sync, ends);
    });
  await page('page, no filter, first', {});
  await page('page, no filter, from the middle', {}, { at: 0.5 });
  await page('page of 500, no filter, last', {}, { at: 1 }, 500);
  await page('page, entityType', { entityType: 'Person' }, { at: 0.3 });
  await page('page, kind link', { kind: 'link' }, { at: 0.9 });
  await page('page, operation delete', { operation: 'delete' }, { at: 0.2 });
  const { groups } = await readSummary(db, no);
  const largest = groups[0];
  const smallest = groups.toSorted((a, b) => a.lines - b.lines)[0];
  if (largest) await page('page, largest group', { group: largest.id }, { at: 0.6 });
  if (smallest) await page('page, smallest group', { group: smallest.id }, { at: 0.6 });
  await page('page, one key', { keys: ['E0012345'] });
  await page('page, one key of a type', { entityType: 'Person', keys: ['E0012345'] });
  await page('page, first characters of a key', { entityType: 'Person', keyPrefix: 'E00012' });
  await page('page, a property', { property: 'department' }, { at: 0.5 });
  await page('page, a property that no update changes', { property: 'mail', operation: 'update' });
  await page('page, a state that no change has', { state: 'overtaken' });
  await measure('sample of 100', () => sampleOfChanges(db, sync, {}, 100));
  await measureCause(db, no, page, measure);
  await measureDrafts(db, sync, measure);
  return measured;
}
