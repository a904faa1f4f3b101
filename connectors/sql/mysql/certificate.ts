import type { Certificate } from '../../package.ts';
import type { Source } from '../database.ts';
import type { Texts } from './cells.ts';

/**
 * Only tables of InnoDB take part in the snapshot. The server does not say which tables a query or a view reads, so every
 * other table whose name is in its text counts as read.
 */
export async function certificateOf(
  source: Source,
  database: string,
  ask: Texts,
  literal: (value: string) => string,
): Promise<Certificate> {
  const found = await ask(
    `select table_schema, table_name, engine, table_type from information_schema.tables
     where table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys') and not (engine <=> 'InnoDB')`,
  );
  const others = found.map(([schema, name, engine]) => ({ schema, name: name ?? '', engine }));
  if (others.length === 0) return { certified: true };
  const seen = new Set<string>();
  const texts = 'query' in source ? [source.query] : [];
  if ('table' in source) {
    const [name = '', schema = database] = [...source.table].reverse();
    // names may differ by case where the file system does
    const same = (a: string | null | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
    const own = others.find((each) => same(each.name, name) && same(each.schema, schema));
    if (!own) return { certified: true };
    if (own.engine !== null && own.engine !== undefined) return outside(own.name, own.engine);
    texts.push(own.name);
  }
  for (let text = texts.pop(); text !== undefined; text = texts.pop())
    for (const { schema, name, engine } of others) {
      const place = `${schema ?? ''}.${name}`;
      if (seen.has(place) || !mentions(text, name)) continue;
      seen.add(place);
      if (engine !== null && engine !== undefined) return outside(name, engine);
      const [view] = await ask(
        `select view_definition from information_schema.views
         where table_schema = ${literal(schema ?? '')} and table_name = ${literal(name)}`,
      );
      if (!view?.[0])
        return {
          certified: false,
          code: 'not-transactional',
          reason: `The text of the view ${name} is hidden from the user, so nobody knows whether its tables take part in the snapshot. Grant show view.`,
        };
      texts.push(view[0]);
    }
  return { certified: true };
}

const outside = (name: string, engine: string): Certificate => ({
  certified: false,
  code: 'not-transactional',
  reason: `The table ${name} has the engine ${engine}, which takes no part in the snapshot. Only InnoDB does.`,
});

const mentions = (text: string, name: string) =>
  new RegExp(`(^|[^\\p{L}\\p{N}_$])${escaped(name)}($|[^\\p{L}\\p{N}_$])`, 'iu').test(text);
const escaped = (name: string) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
