import { ofSync } from './change-parts.ts';
import { row, rows, touched, type Queryable } from './database.ts';
import type { DiffInput } from './diff-input.ts';
import { formOf, leadsTo } from './link-targets.ts';
import { keyTextSql } from './resolve-rows.ts';
import { stagedLinks, stagedRows } from './staging.ts';

/** A delta file among the staged rows, and the parts of it that are out of date. */
interface StaleFile {
  connection: string;
  table: string;
  name: string;
  /** It was taken by another sync since it was read. */
  taken: boolean;
  /**
   * Applied complete syncs that began to read when it lay there already, and did not read its table as a whole, each with
   * the line of the last row that it had then; null if it had all rows.
   */
  newer: { sync: number; lastLine: number | null }[];
}

/**
 * Leaves out rows of delta files that are older than the stored resources. These are all rows of files that another
 * sync has taken since they were read. A complete sync that was limited or not certified may also have begun when a
 * file already existed. Then the rows about resources that this sync wrote, was asked for or compared as a whole are
 * left out, too.
 * @returns how many rows were left out
 */
export async function dropStaleRows(tx: Queryable, input: DiffInput): Promise<number> {
  let dropped = 0;
  for (const file of await staleFiles(tx, input)) {
    for (const type of input.types.filter((each) => each.connection === file.connection && each.table === file.table)) {
      const staged = stagedRows(input.staging, type.id);
      if (file.taken) {
        dropped += await touched(tx, `delete from ${staged} where source = ?`, [file.name]);
        continue;
      }
      for (const { sync, lastLine } of file.newer)
        dropped += await touched(
          tx,
          `delete from ${staged} s where s.source = ? and s.line <= coalesce(?, s.line) and (
             exists (select from syncline.change c where ${ofSync(sync, 'c')} and c.entity_type = ? and c.key = s.key
               and c.fate is null)
             or s.key in (
               select ${keyTextSql('k.parts', type.keyCount)} from syncline.sync y
                 cross join lateral jsonb_array_elements(y.scope -> 'keys' -> ?) key(value)
                 cross join lateral (select array_agg(part order by n) as parts
                   from jsonb_array_elements_text(key.value) with ordinality as each(part, n)) k
               where y.no = ?)
             or ${comparedWhole})`,
          [file.name, lastLine, type.id, type.name, sync, ...wholeBindings(sync, type.name, file)],
        );
    }
    for (const link of input.links.filter(
      (each) => each.from === 'table' && each.connection === file.connection && each.table === file.table,
    )) {
      const staged = stagedLinks(input.staging, link.id);
      if (file.taken) {
        dropped += await touched(tx, `delete from ${staged} where from_source = ?`, [file.name]);
        continue;
      }
      const type = input.types.find(({ id }) => id === link.entityType);
      for (const { sync, lastLine } of file.newer)
        dropped += await touched(
          tx,
          `delete from ${staged} s where s.from_source = ? and s.line <= coalesce(?, s.line) and (
             ${leadsTo(link)
               .map((_, nth) => isWritten(sync, formOf(link, nth, 's.target')))
               .join(' or ')}
             or ${comparedWhole})`,
          [
            file.name,
            lastLine,
            ...leadsTo(link).flatMap(({ id }) => [id, id]),
            ...wholeBindings(sync, type?.name ?? '', file),
          ],
        );
    }
  }
  return dropped;
}

/** The sync has changed the link from the source to this target, or a move has left it. Binds the link property twice. */
const isWritten = (sync: number, target: string) => `exists (
  select from syncline.link_change c where ${ofSync(sync, 'c')} and c.fate is null and c.source_key = s.source
    and (c.property = ? and ${target} = c.target_key
      or coalesce(c.before_property, c.property) = ? and ${target} = c.before_target_key))`;

/** The sync compared all of an entity type, out of a table that was read to its end. */
const comparedWhole = `exists (
  select from syncline.sync y
    cross join lateral jsonb_to_recordset(y.preparation -> 'tables') t(connection text, "table" text, certified boolean)
  where y.no = ? and t.connection = ? and t."table" = ? and t.certified
    and not coalesce(y.scope, '{}') \\?| array['keys', 'operations', 'managedOnly', 'users']
    and (y.scope -> 'entityTypes' is null or y.scope -> 'entityTypes' \\? ?))`;
const wholeBindings = (sync: number, type: string, { connection, table }: StaleFile) => [sync, connection, table, type];

async function staleFiles(tx: Queryable, input: DiffInput): Promise<StaleFile[]> {
  const sync = await row<{ connector: number }>(tx, 'select connector from syncline.sync where no = ?', [input.sync]);
  return rows(
    tx,
    `select f.connection, f."table", file.name, t.sync is not null as taken,
       coalesce((select jsonb_agg(jsonb_build_object('sync', n.sync, 'lastLine', b."lastLine"))
         from syncline.delta_noted n join syncline.sync y on y.no = n.sync
           left join jsonb_to_recordset(file.beginnings) b(sha256 text, "lastLine" bigint)
             on b.sha256 = n.sha256 and n.sha256 <> file.sha256
         where y.connector = ? and y.applied and n.connection = f.connection and n.source_table = f."table"
           and n.name = file.name and (n.sha256 = file.sha256 or b.sha256 is not null)), '[]') as newer
     from syncline.sync s
       cross join lateral jsonb_to_recordset(s.preparation -> 'tables') f(connection text, "table" text, files jsonb)
       cross join lateral jsonb_to_recordset(f.files) file(name text, sha256 text, beginnings jsonb)
       left join syncline.delta_taken t on t.connector = s.connector and t.connection = f.connection
         and t.source_table in ('', f."table") and t.name = file.name and t.sha256 = file.sha256
     where s.no = ?`,
    [sync?.connector ?? 0, input.sync],
  );
}
