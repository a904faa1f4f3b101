import { writeChanges } from './change-parts.ts';
import { touched, type Queryable } from './database.ts';
import type { DiffInput, DiffLink, LinkTarget } from './diff-input.ts';
import { formOf, leadsTo, storedLinks } from './link-targets.ts';
import { comparedBy } from './match-by.ts';
import { stagedLinks } from './staging.ts';

/**
 * Lists deletes of links that are withheld, and takes them out of `gone`. Without the certificate only links with a deleted end
 * may be deleted. A mono-valued link may still move.
 * @returns how many
 */
export async function withholdLinks(tx: Queryable, input: DiffInput, link: DiffLink): Promise<number> {
  if (input.mode === 'incremental') return withholdOfFiles(tx, input, link);
  if (link.certified) return 0;
  const moves = link.multiValued ? '' : 'and not exists (select from wanted w where w.source = g.source)';
  const withheld = await touched(
    tx,
    `create temp table withheld on commit drop as select g.source, g.target from gone g where not g.cascade ${moves}`,
  );
  await tx.raw(
    'delete from gone g using withheld w where not g.cascade and w.source = g.source and w.target = g.target',
  );
  if (withheld > 0) await write(tx, input, link, withheld, 'select source, target from withheld');
  await tx.raw('drop table withheld');
  return withheld;
}

/** Stored links that files which may have been cut short would delete. */
async function withholdOfFiles(tx: Queryable, input: DiffInput, link: DiffLink): Promise<number> {
  if (link.from === 'column') return 0;
  let withheld = 0;
  for (const [nth, target] of leadsTo(link).entries()) {
    const key = target.by === null ? 't.key' : comparedBy(target, 't.attributes ->> ?');
    withheld += await writeOf(
      tx,
      input,
      link,
      target,
      // how many is not known, and delta files have few
      0,
      `select distinct l.source, l.target from ${stagedLinks(input.staging, link.id)} x
         join syncline.resource s on s.entity_type = ${String(link.entityType)} and s.key = x.source
         join syncline.resource t on t.entity_type = ${String(target.target)}
           and ${key} = ${comparedBy(target, formOf(link, nth, 'x.target'))}
         join ${storedLinks(link)} l on l.source = s.id and l.target = t.id
       where x.command = 'withheld'`,
      target.by === null ? [] : [target.by],
    );
  }
  return withheld;
}

/** Of each entity type that the links lead to. */
async function write(tx: Queryable, input: DiffInput, link: DiffLink, expected: number, links: string): Promise<void> {
  for (const target of leadsTo(link)) await writeOf(tx, input, link, target, expected, links);
}

function writeOf(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  { id, target }: Pick<LinkTarget, 'id' | 'target'>,
  expected: number,
  links: string,
  bindings: string[] = [],
): Promise<number> {
  return writeChanges(
    tx,
    {
      kind: 'link_change',
      sync: input.sync,
      expected,
      columns: 'property, operation, source, target, source_key, target_key, fate',
      select: `select ${String(id)}, 'd'::"char", w.source, w.target, s.key, t.key, 'w'::"char" from (${links}) w
        join syncline.resource s on s.entity_type = ${String(link.entityType)} and s.id = w.source
        join syncline.resource t on t.entity_type = ${String(target)} and t.id = w.target`,
    },
    bindings,
  );
}
