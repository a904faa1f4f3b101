import { byName } from '../domain/chosen-names.ts';
import type { Counters } from '../domain/sync.ts';
import { ofSync } from './change-parts.ts';
import { rows, type Queryable } from './database.ts';

interface Applied {
  type: string;
  property: string | null;
  inserted: number;
  updated: number;
  deleted: number;
}

/** The counters of a sync as they are if only its rows without a fate count: what apply has executed. */
export async function appliedCounters(tx: Queryable, sync: number, proposed: Counters): Promise<Counters> {
  const counts = (['inserted', 'updated', 'deleted'] as const)
    .map((word) => `count(*) filter (where c.operation = '${word.charAt(0)}') as ${word}`)
    .join(', ');
  const found = await rows<Applied>(
    tx,
    `select t.name as type, null as property, ${counts} from syncline.change c
       join syncline.entity_type t on t.id = c.entity_type where ${ofSync(sync, 'c')} and c.fate is null group by t.name
     union all
     select t.name, p.name, ${counts} from syncline.link_change c join syncline.link_property p on p.id = c.property
       join syncline.entity_type t on t.id = p.entity_type
     where ${ofSync(sync, 'c')} and c.fate is null group by t.name, p.name`,
  );
  const nothing = { inserted: 0, updated: 0, deleted: 0 };
  const of = (type: string, property: string | null) => {
    const { inserted, updated, deleted } =
      found.find((each) => each.type === type && each.property === property) ?? nothing;
    return { inserted, updated, deleted };
  };
  const counters: Counters = byName();
  for (const [type, counted] of Object.entries(proposed)) {
    const done = of(type, null);
    const links: Counters[string]['links'] = byName();
    for (const [property, link] of Object.entries(counted.links)) links[property] = { ...link, ...of(type, property) };
    counters[type] = { ...counted, ...done, unchanged: counted.stored - done.updated - done.deleted, links };
  }
  return counters;
}
