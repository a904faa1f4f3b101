import { memoriesOf } from '../../domain/draft.ts';
import type { Queryable } from '../database.ts';
import type { Draft } from '../drafts/drafts.ts';
import { leftOutRows } from '../drafts/rows.ts';
import { needComplete } from '../needs-complete.ts';
import type { SyncRow } from '../syncs.ts';
import { refuseChanges, type Refuser } from './remember.ts';

/**
 * What becomes of the rows that a draft does not apply, in the apply transaction, before the other rows are executed: refused
 * ones are remembered, and deferred ones come again with the next whole sync.
 */
export async function rememberDraft(
  tx: Queryable,
  sync: Pick<SyncRow, 'no' | 'id' | 'connector' | 'scope'>,
  draft: Pick<Draft, 'no' | 'rules' | 'otherwise' | 'counts'>,
  refuser: Refuser,
): Promise<void> {
  if (draft.counts.refuse > 0) {
    const memories = memoriesOf(draft.rules, draft.otherwise);
    // by the place of the rule, from 1; 0 is what is otherwise decided
    const seconds = [memories.at(-1), ...memories.slice(0, -1)].map((each) => each ?? 0);
    await refuseChanges(tx, sync, `${refusedRows(draft, 'r')} union all ${refusedRows(draft, 'l')}`, refuser, [
      seconds,
      seconds,
    ]);
  }
  if (draft.counts.defer > 0)
    await needComplete(tx, sync.connector, 'deferred', sync.id, sync.scope?.keys ? null : sync.scope);
}

const refusedRows = (draft: Pick<Draft, 'no'>, kind: 'r' | 'l') => `
  select '${kind}' as kind, seq, (?::int[])[rule + 1] as remember, case when because > 0 then 'r' when because < 0 then 'l' end as because_kind,
    abs(because) as because_seq
  from ${leftOutRows(draft.no, kind === 'r' ? 'resource' : 'link')} each where decision = 'r'`;
