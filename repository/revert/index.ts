import { finishParts } from '../change-parts.ts';
import type { Queryable } from '../database.ts';
import { forgetChanges, type DiffResult } from '../diff.ts';
import type { RevertInput } from './input.ts';
import { compareLinks } from './links.ts';
import { createUndone, createUndoneLinks } from './net.ts';
import { createResources } from './resources.ts';
import { spareNeighbours } from './spare.ts';
import { warnOfLinks, warnOfResources } from './warn.ts';
import { writeFlagsBack, writeLinks, writeResources } from './write.ts';

/**
 * The change set that undoes syncs, from their change rows and what is stored now. What others have written since stays:
 * an update is undone by property where the value still is what the syncs made it, an inserted resource goes if it is
 * unchanged and nothing links to it, a deleted one comes back under its old id. What is not undone is listed as warnings.
 * Runs in one repeatable-read transaction; a repeat starts over.
 */
export async function diffRevert(tx: Queryable, input: RevertInput): Promise<DiffResult> {
  await forgetChanges(tx, input.sync);
  await tx.raw('delete from syncline.sync_error where sync = ?', [input.sync]);
  await createUndone(tx, input);
  await createResources(tx, input);
  await createUndoneLinks(tx, input);
  await compareLinks(tx, input);
  await spareNeighbours(tx, input);
  const result: DiffResult = { types: new Map(), links: new Map() };
  for (const type of input.types) {
    const counted = await writeResources(tx, input, type);
    result.types.set(type.id, counted);
    if (!type.retired) await writeFlagsBack(tx, input, type);
  }
  for (const link of input.links) result.links.set(link.id, await writeLinks(tx, input, link));
  await finishParts(tx, input.sync);
  for (const type of input.types) await warnOfResources(tx, input, type);
  for (const link of input.links) await warnOfLinks(tx, input, link);
  return result;
}
