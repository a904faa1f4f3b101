import { judgeScope, type ScopedRow } from '../domain/delta-scope.ts';
import { rows, type Queryable } from './database.ts';
import type { DiffInput, DiffType } from './diff-input.ts';
import { stagedRows } from './staging.ts';

/** Keys judged at a time. */
const batch = 2_000;

interface JudgedKey {
  key: string;
  stored: Record<string, unknown> | null;
  rows: (ScopedRow & { seq: string })[];
}

/**
 * Evaluates the condition of an entity type for the rows of delta files that do not have all of its columns, together
 * with the stored resources. Writes the verdicts into `scope` of the staged rows. The cost is in proportion to these
 * rows.
 */
export async function judgeScopes(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  const rule = type.scopeRule;
  if (!rule) return;
  const staged = stagedRows(input.staging, type.id);
  for (let after = ''; ;) {
    const found = await rows<JudgedKey>(
      tx,
      `select k.key, (select r.attributes from syncline.resource r where r.entity_type = ${String(type.id)} and r.key = k.key) as stored,
         jsonb_agg(jsonb_build_object('seq', s.seq::text, 'command', s.command, 'scope', s.scope, 'asked', coalesce(s.asked, '{}'))
           order by s.seq) as rows
       from (
         select distinct key from ${staged} where scope = 'open' and key > ? collate "C" order by key limit ${String(batch)}
       ) k join ${staged} s on s.key = k.key and s.command <> 'withheld'
       group by k.key order by k.key`,
      [after],
    );
    const verdicts = found.flatMap(({ stored, rows: each }) => {
      const of = judgeScope(rule, stored ?? undefined, each);
      return each.map(({ seq, command }, i) => ({ seq, command, scope: of[i] ?? 'kept' }));
    });
    const told = verdicts.filter(({ command }) => command !== 'delete');
    await tx.raw(
      `update ${staged} s set scope = v.scope from unnest(?::bigint[], ?::text[]) v(seq, scope)
       where v.seq = s.seq and s.scope is distinct from v.scope`,
      [told.map(({ seq }) => seq), told.map(({ scope }) => scope)],
    );
    if (found.length < batch) return;
    after = found.at(-1)?.key ?? '';
  }
}
