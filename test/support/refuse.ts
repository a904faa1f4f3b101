import { rows } from '../../repository/database.ts';
import { memoriesOf } from '../../domain/draft.ts';
import { ofSync } from '../../repository/change-parts.ts';
import { markLeftOut } from '../../repository/draft-outcome.ts';
import { insertDraft } from '../../repository/drafts/drafts.ts';
import { makeDraft } from '../../repository/drafts/make.ts';
import { storeRows } from '../../repository/drafts/rows.ts';
import { rememberDraft } from '../../repository/refusals/of-draft.ts';
import { refuseChanges } from '../../repository/refusals/remember.ts';
import type { Outcome, RepositoryFixture, Source } from './repository-fixture.ts';

const day = 24 * 3600;

interface ChangeRow {
  kind: 'r' | 'l';
  seq: number;
  fate: string | null;
  /** `u 1` of a resource, `d all>1` of a link; without ids. */
  text: string;
}

function changeRows(r: RepositoryFixture, sync: number): Promise<ChangeRow[]> {
  return rows(
    r.db,
    `select 'r' as kind, seq, fate, operation::text || ' ' || key as text from syncline.change where ${ofSync(sync)}
     union all
     select 'l', seq, fate, operation::text || ' ' || source_key || '>' || target_key from syncline.link_change where ${ofSync(sync)}
     order by 1 desc, 2`,
  );
}

/** The changes of a sync, as `- u 1`: the fate (`-` for none), the operation and the key. */
export async function fates(r: RepositoryFixture, sync: number): Promise<string[]> {
  return (await changeRows(r, sync)).map(({ fate, text }) => `${fate ?? '-'} ${text}`).sort();
}

/**
 * Compares the source, refuses some of its changes with memory, and applies the others.
 * @param source or the number of a sync that has compared it
 */
export async function refuse(
  r: RepositoryFixture,
  source: Source | number,
  refused: readonly string[] | ((text: string) => boolean),
  options: Parameters<RepositoryFixture['diff']>[1] & { remember?: number; because?: Record<string, string> } = {},
): Promise<number> {
  const sync = typeof source === 'number' ? source : (await r.diff(source, options)).sync;
  const all = await changeRows(r, sync);
  const isRefused = typeof refused === 'function' ? refused : (text: string) => refused.includes(text);
  const chosen = all.filter(({ fate, text }) => fate === null && isRefused(text));
  if (typeof refused !== 'function' && chosen.length !== refused.length)
    throw new Error(`not among ${all.map(({ text }) => text).join(', ')}: ${refused.join(', ')}`);
  const because = (text: string) => all.find((each) => each.text === options.because?.[text]);
  await r.db.transaction(async (tx) => {
    for (const { kind, seq } of chosen)
      await tx.raw(
        `update syncline.${kind === 'r' ? 'change' : 'link_change'} set fate = 'r' where ${ofSync(sync)} and seq = ?`,
        [seq],
      );
    await refuseChanges(
      tx,
      { no: sync, connector: r.connector },
      `select kind, seq, remember, because_kind, because_seq from jsonb_to_recordset(?::jsonb)
         x(kind text, seq bigint, remember int, because_kind text, because_seq bigint)`,
      { by: 'user:test', byName: null, reason: 'wrong' },
      [
        JSON.stringify(
          chosen.map(({ kind, seq, text }) => ({
            kind,
            seq,
            remember: options.remember ?? 30 * day,
            because_kind: because(text)?.kind ?? null,
            because_seq: because(text)?.seq ?? null,
          })),
        ),
      ],
    );
  });
  await r.apply(sync, false);
  return sync;
}

/**
 * Refuses some of the proposed changes of a sync by a draft, which adds what cannot stand alone, and applies the others.
 * @param chosen says it of each change, in their order
 */
export async function refuseByDraft(
  r: RepositoryFixture,
  { sync, digest }: Outcome,
  chosen: (text: string) => boolean,
): Promise<void> {
  const ids = (await changeRows(r, sync))
    .filter(({ fate, text }) => fate === null && chosen(text))
    .map(({ kind, seq }) => `${kind}${String(seq)}`);
  if (ids.length > 0)
    await r.db.transaction(async (tx) => {
      const of = { no: sync, id: crypto.randomUUID(), digest, applied: false, status: 'held' as const };
      const rules = [{ decision: 'refuse' as const, filter: { ids } }];
      const wanted = { rules, otherwise: 'apply' as const };
      const made = await makeDraft(tx, of, wanted, memoriesOf(rules, 'apply'));
      const draft = { ...made, ...wanted, id: crypto.randomUUID(), by: 'user:test', note: null };
      const stored = await insertDraft(tx, sync, draft);
      await storeRows(tx, stored.no, made.rows);
      await markLeftOut(tx, sync, stored.no);
      const refuser = { by: 'user:test', byName: null, reason: 'wrong' };
      await rememberDraft(tx, { ...of, connector: r.connector, scope: null }, stored, refuser);
    });
  await r.apply(sync);
}

export interface StoredRefusal {
  id: string;
  text: string;
  endedBy: string | null;
  because: string | null;
  seen: boolean;
}

/** By their text, which is that of their changes. */
export function refusals(r: RepositoryFixture): Promise<StoredRefusal[]> {
  return rows(
    r.db,
    `select f.id, f.operation::text || ' ' || f.key || coalesce('>' || f.target_key, '') as text, f.ended_by as "endedBy",
       (select b.operation::text || ' ' || b.key || coalesce('>' || b.target_key, '') from syncline.refusal b where b.id = f.because) as because,
       f.last_seen_at is not null as seen
     from syncline.refusal f where f.connector = ? order by f.operation, f.key, f.target_key, f.no`,
    [r.connector],
  );
}
