import { rows } from '../../database.ts';
import type { Search } from '../detector.ts';
import { inSample } from '../sample.ts';
import { proposed } from '../proposed.ts';
import { lostOf } from '../lost-links.ts';
import type { CauseLink, CauseSubject } from '../subject.ts';
import { mostOf, type Branch } from './branch.ts';

/** A tree: nearly all deleted resources have their parent among the deleted ones, and none that stays has. */
export async function sharedParents(search: Search, type: CauseSubject): Promise<Branch | undefined> {
  const keys = (await search.gone()).keys({ type: type.id });
  const byProperty = await rows<{ name: string; lines: number }>(
    search.tx,
    `select k as name, count(*)::int as lines from cause_sample d, jsonb_each_text(d.before) as each(k, v)
     where d.entity_type = ? and d.operation = 'd' and k <> all(?::text[]) and v <> d.key
       and (v in (${keys})) is true
     group by 1 order by 2 desc limit 1`,
    [type.id, type.key],
  );
  for (const { name } of byProperty) {
    const stays = await rows<{ n: number }>(
      search.tx,
      `select count(*)::int as n from cause_stored s
       where s.entity_type = ? and (s.attributes ->> ? in (${keys})) is true`,
      [type.id, name],
    );
    if (stays[0]?.n !== 0) byProperty.length = 0;
  }
  const own = type.links.find(({ target }) => target === type.id);
  const byLink = own ? await linkedParents(search, type, own) : [];
  const found = [
    ...byProperty.map((each) => ({ ...each, lines: Math.round((each.lines * type.deleted) / inSample(type.deleted)) })),
    ...byLink,
  ].find(({ lines }) => lines >= mostOf * type.deleted);
  if (!found) return undefined;
  return {
    shares: `a tree by ${found.name}`,
    property: found.name,
    values: 1,
    lines: found.lines,
    explains: [{ kind: 'resource', type: type.id, operation: 'd' }],
  };
}

/** The same by a link: every deleted link to a deleted parent comes from a resource that goes too. */
async function linkedParents(
  search: Search,
  type: CauseSubject,
  { id, name }: CauseLink,
): Promise<{ name: string; lines: number }[]> {
  const within = await lostOf(search, id, { sourceGoes: true, targetGoes: true });
  const fromOutside = await lostOf(search, id, { sourceGoes: false, targetGoes: true });
  if (within < mostOf * type.deleted || fromOutside > 0) return [];
  const ids = (await search.gone()).ids(type.id);
  const found = await rows<{ lines: number }>(
    search.tx,
    `select count(distinct l.source)::int as lines from syncline.link_change l
     where ${proposed(search.sync, 'l')} and l.property = ? and l.operation = 'd'
       and (l.source in (${ids})) is true and (l.target in (${ids})) is true`,
    [id],
  );
  return found.map(({ lines }) => ({ name, lines }));
}
