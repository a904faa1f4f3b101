import type { Queryable } from '../database.ts';
import type { RevertInput, RevertLink } from './input.ts';

/** A navigation property, with all its rows in the catalog that are in use. */
interface Family {
  id: number;
  mono: boolean;
  members: number[];
}

/**
 * Looks at the stored links: leaves in going_link what is still stored, and in coming_link what is not. A mono-valued link
 * that leads elsewhere by now is kept as touched.
 */
export async function compareLinks(tx: Queryable, input: RevertInput): Promise<void> {
  for (const family of familiesOf(input.links)) {
    if (family.mono) await pairMoves(tx, family);
    await leaveOutDone(tx, family);
    if (family.mono) await pairMoves(tx, family);
  }
  for (const link of input.links)
    if (link.retired)
      for (const table of ['going_link', 'coming_link'])
        await tx.raw(`update ${table} set kept = 'retired' where property = ? and kept is null`, [link.id]);
  await tx.raw(`update coming_link set kept = 'erased' where erased;
    analyze going_link; analyze coming_link`);
}

function familiesOf(links: readonly RevertLink[]): Family[] {
  const families = new Map<number, Family>();
  for (const { id, family, mono } of links) {
    const known = families.get(family);
    if (known) known.members.push(id);
    else families.set(family, { id: family, mono, members: [id] });
  }
  return [...families.values()];
}

/** A mono-valued link of a source that comes and goes moves: both halves are undone, or none. */
async function pairMoves(tx: Queryable, { id }: Family): Promise<void> {
  for (const [half, other] of [
    ['going_link', 'coming_link'],
    ['coming_link', 'going_link'],
  ] as const)
    await tx.raw(
      `update ${half} h set paired = exists (select from ${other} o where o.family = h.family and o.source = h.source)
       where h.family = ?`,
      [id],
    );
}

async function leaveOutDone(tx: Queryable, { id, mono, members }: Family): Promise<void> {
  const stored = `(select source, target from syncline.link where property in (${members.join(', ')}))`;
  const isStored = (alias: string) =>
    `exists (select from ${stored} l where l.source = ${alias}.source and l.target = ${alias}.target)`;
  await tx.raw(`delete from coming_link c where c.family = ? and ${isStored('c')}`, [id]);
  if (mono)
    await tx.raw(
      `update coming_link c set kept = 'touched' where c.family = ? and c.kept is null and (
         exists (select from ${stored} l where l.source = c.source and not exists (
           select from going_link g where g.family = c.family and g.source = l.source and g.target = l.target))
         or exists (select from going_link g where g.family = c.family and g.source = c.source and not ${isStored('g')})
         or exists (select from coming_link o where o.family = c.family and o.source = c.source and o.target < c.target))`,
      [id],
    );
  if (mono)
    await tx.raw(
      `update going_link g set kept = 'touched' where g.family = ? and not g.paired and not ${isStored('g')}
         and exists (select from ${stored} l where l.source = g.source)`,
      [id],
    );
  await tx.raw(`delete from going_link g where g.family = ? and g.kept is null and not ${isStored('g')}`, [id]);
}
