import type { Queryable } from '../database.ts';
import { linksOf } from '../link-partition.ts';
import type { RevertInput, RevertLink } from './input.ts';

/**
 * Looks at the stored links: leaves in going_link what is still stored, and in coming_link what is not. A mono-valued link
 * that leads elsewhere by now is kept as touched.
 */
export async function compareLinks(tx: Queryable, input: RevertInput): Promise<void> {
  for (const link of input.links) {
    if (link.mono) await pairMoves(tx, link);
    await leaveOutDone(tx, link);
    if (link.mono) await pairMoves(tx, link);
    if (link.retired)
      for (const table of ['going_link', 'coming_link'])
        await tx.raw(`update ${table} set kept = 'retired' where property = ? and kept is null`, [link.id]);
  }
  await tx.raw(`update coming_link set kept = 'erased' where erased;
    analyze going_link; analyze coming_link`);
}

/** A mono-valued link of a source that comes and goes moves: both halves are undone, or none. */
async function pairMoves(tx: Queryable, { id }: RevertLink): Promise<void> {
  for (const [half, other] of [
    ['going_link', 'coming_link'],
    ['coming_link', 'going_link'],
  ] as const)
    await tx.raw(
      `update ${half} h set paired = exists (select from ${other} o where o.property = h.property and o.source = h.source)
       where h.property = ?`,
      [id],
    );
}

async function leaveOutDone(tx: Queryable, { id, mono }: RevertLink): Promise<void> {
  const stored = linksOf(id);
  const isStored = (alias: string) =>
    `exists (select from ${stored} l where l.source = ${alias}.source and l.target = ${alias}.target)`;
  await tx.raw(`delete from coming_link c where c.property = ? and ${isStored('c')}`, [id]);
  if (mono)
    await tx.raw(
      `update coming_link c set kept = 'touched' where c.property = ? and c.kept is null and (
         exists (select from ${stored} l where l.source = c.source and not exists (
           select from going_link g where g.property = c.property and g.source = l.source and g.target = l.target))
         or exists (select from going_link g where g.property = c.property and g.source = c.source and not ${isStored('g')})
         or exists (select from coming_link o where o.property = c.property and o.source = c.source and o.target < c.target))`,
      [id],
    );
  if (mono)
    await tx.raw(
      `update going_link g set kept = 'touched' where g.property = ? and not g.paired and not ${isStored('g')}
         and exists (select from ${stored} l where l.source = g.source)`,
      [id],
    );
  await tx.raw(`delete from going_link g where g.property = ? and g.kept is null and not ${isStored('g')}`, [id]);
}
