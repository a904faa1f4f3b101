import type { RowCode } from '../../domain/codes.ts';
import type { Queryable } from '../database.ts';
import { keyArraySql } from '../resolve-rows.ts';
import type { RevertInput, RevertLink, RevertType } from './input.ts';
import type { Kept } from './resources.ts';

type Told = Exclude<Kept, 'with-other'>;

/** Messages name no values. */
const ofResource: Record<Told, string> = {
  touched: 'The resource was changed after the sync that is undone, so it stays as it is.',
  linked: 'Another resource that stays has a link to this resource, so it is not deleted.',
  'key-taken': 'Another resource has the key by now, so the deleted resource does not come back.',
  'end-missing': 'The resource is not there.',
  retired: 'The entity type was retired, or has another key, since the sync that is undone.',
  erased: 'The data of the resource were erased, so nothing of it can come back.',
};

const ofLink: Record<Told, string> = {
  touched: 'The link was changed after the sync that is undone, so it stays as it is.',
  linked: 'A resource at an end of the link stays, so the link stays with it.',
  'key-taken': 'Another resource has the key by now.',
  'end-missing': 'A resource at an end of the link is not there, so the link does not come back.',
  retired: 'The link property, or the entity type at an end, was retired since the sync that is undone.',
  erased: 'The data at an end of the link were erased, so the link does not come back.',
};

const codeOf = (kept: Told): RowCode => `revert-${kept}`;

const choose = (messages: Record<Told, string>, column: string) =>
  `case ${column} ${Object.entries(messages)
    .map(([kept, message]) => `when '${kept}' then '${message}'`)
    .join(' ')} end`;

const into = `insert into syncline.sync_error (sync, entity_type, source_table, property, key, code, message, effect)`;

/** Lists what of one entity type is not undone. */
export async function warnOfResources(tx: Queryable, { sync }: RevertInput, type: RevertType): Promise<void> {
  const [id, key] = [String(type.id), keyArraySql('c.key', type.keyCount)];
  for (const table of ['going', 'coming', 'restored'])
    await tx.raw(
      `${into} select ?, ?, '', null, ${key}, 'revert-' || c.kept, ${choose(ofResource, 'c.kept')}, 'warning'
       from ${table} c where c.entity_type = ${id} and c.kept is not null order by c.key`,
      [sync, type.name],
    );
  for (const [table, column, kept] of [
    ['restored', 'touched', 'touched'],
    ['restored', 'lost', 'retired'],
    ['coming', 'lost', 'retired'],
  ] as const)
    await tx.raw(
      `${into} select ?, ?, '', p.name, ${key}, ?, ?, 'warning'
       from ${table} c cross join lateral unnest(c.${column}) p(name)
       where c.entity_type = ${id} and c.kept is null order by c.key, p.name`,
      [sync, type.name, codeOf(kept), ofProperty[kept]],
    );
}

const ofProperty = {
  touched: 'The property was changed after the sync that is undone, so it stays as it is.',
  retired: 'The property was retired, or has another type, since the sync that is undone.',
};

/** Lists what of one link property is not undone. */
export async function warnOfLinks(tx: Queryable, { sync }: RevertInput, link: RevertLink): Promise<void> {
  for (const table of ['going_link', 'coming_link'])
    await tx.raw(
      `${into} select ?, ?, '', ?, ${keyArraySql('c.source_key', link.keyCount)}, 'revert-' || c.kept, ${choose(ofLink, 'c.kept')}, 'warning'
       from ${table} c where c.property = ? and c.kept is not null and c.kept <> 'with-other' order by c.source_key, c.target_key`,
      [sync, link.entityTypeName, link.name, link.id],
    );
}
