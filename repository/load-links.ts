import { buildLinks } from './built-links.ts';
import { manyRows, ownTable, removeRepeatedLinks, writeChanges } from './change-parts.ts';
import { row, type Queryable } from './database.ts';
import { isLimited, leavesOut, type DiffInput, type DiffLink, type DiffType, type LinkResult } from './diff-input.ts';
import { endId, references, resolved } from './link-ends.ts';
import { stagedLinks } from './staging.ts';
import { countLinks, countResources } from './stored.ts';
import { createUnresolved, reportUnresolved } from './unresolved-links.ts';

/**
 * The changes of a property that has no link yet: there is nothing to compare, so one pass writes the links of the
 * source as inserts. Two million links take 4.5 s in this way, and 6.5 s if they are first resolved into a table of
 * their own.
 * @returns undefined if the property has links, if some links may have to be left out, or if the links are few
 */
export async function loadLinks(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  type: DiffType,
): Promise<LinkResult | undefined> {
  // with others, the staged values are forms
  const keys = link.by === null && !link.others;
  const plain = input.mode === 'complete' && !input.narrowed && keys && input.laterSyncs.length === 0;
  const whole = !isLimited(type) && input.operations.includes('insert');
  const allEnds = !leavesOut(input, link.entityType) && !leavesOut(input, link.target);
  if (!plain || !whole || !allEnds || (await countLinks(tx, link.id)) > 0) return undefined;
  const given = await row<{ n: number }>(tx, `select count(*)::int as n from (${references(input, link)}) g`);
  if (given === undefined || given.n < manyRows) return undefined;
  if (link.from === 'table') await tx.raw(`analyze ${stagedLinks(input.staging, link.id)} (source, target)`);
  // of a type that has no resources yet, all ends are new
  const allNew = {
    s: (await countResources(tx, link.entityType)) === 0,
    t: (await countResources(tx, link.target)) === 0,
  };
  const written = await writeChanges(tx, {
    kind: 'link_change',
    sync: input.sync,
    expected: given.n,
    columns: 'property, operation, source, target, source_key, target_key',
    select: `select ${String(link.id)}, 'i', ${endId('s', allNew.s)}, ${endId('t', allNew.t)}, g.source_key, g.value
      ${resolved(input, link, allNew)} where ${endId('s', allNew.s)} is not null and ${endId('t', allNew.t)} is not null`,
  });
  const rejected = written < given.n ? await tellUnresolved(tx, input, link, type) : 0;
  const builds = input.builds === true && written >= manyRows;
  const build = () => buildLinks(tx, input.sync, link.id, ownTable('link_change', input.sync));
  // the index of what is built tells whether a link occurs twice, without a search for it
  const built = builds && (await build());
  // the links of a column occur once for each row, and the keys of the rows are unique
  const repeated = !built && link.from === 'table' ? await removeRepeatedLinks(tx, input.sync, link.id) : 0;
  if (builds && !built) await build();
  const inserted = written - repeated;
  return {
    inserted,
    updated: 0,
    deleted: 0,
    rejected,
    withheld: 0,
    overtaken: 0,
    suppressed: { all: 0, deletes: 0 },
    wanted: inserted,
    ...(link.from === 'table' ? { unbacked: 0 } : {}),
  };
}

async function tellUnresolved(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<number> {
  await createUnresolved(tx, input, link, true);
  const rejected = await reportUnresolved(tx, input, link, type);
  await tx.raw('drop table reference');
  return rejected;
}
