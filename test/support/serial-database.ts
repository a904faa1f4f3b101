import pg from 'pg';
import { attributesOf, link, targetOf, type State } from './serial-model.ts';
import { connectorNames, linkSpecs, propertyName, typeName, type LinkSpec } from './serial-world.ts';

/** A sync as the tables tell of it. */
export interface RecordedSync {
  id: string;
  connector: number;
  status: string;
  /** RFC 3339; when it was asked for, when it had compared (null: its files were as before), when it was done. */
  created: string;
  compared: string | null;
  applied: string | null;
  ended: string;
}

/** What the database says, straight from its tables. */
export class SerialDatabase {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async connect(url: string): Promise<SerialDatabase> {
    const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
    client.on('error', () => undefined);
    await client.connect();
    return new SerialDatabase(client);
  }

  end(): Promise<void> {
    return this.#client.end();
  }

  async state(): Promise<State> {
    const ofLinks = (which: readonly (readonly LinkSpec[])[]) =>
      new Map(which.flatMap((specs, n) => specs.map((spec) => [propertyName(n, spec), new Set<string>()] as const)));
    const state = {
      resources: connectorNames.map(() => new Map<string, string>()),
      links: ofLinks(linkSpecs),
      dangling: ofLinks(linkSpecs.map((specs) => specs.filter(({ by }) => by !== undefined))),
    };
    const resources = await this.#client.query<{ type: string; key: string; attributes: Record<string, unknown> }>(
      'select t.name as type, r.key, r.attributes from syncline.resource r join syncline.entity_type t on t.id = r.entity_type',
    );
    for (const { type, key, attributes } of resources.rows)
      state.resources[connectorNames.findIndex((_, n) => typeName(n) === type)]?.set(key, attributesOf(attributes));
    const links = await this.#client.query<{ property: string; source: string; type: string; target: string }>(
      `select t.name || '.' || p.name as property, s.key as source, u.name as type, e.key as target
       from syncline.link l join syncline.link_property p on p.id = l.property join syncline.entity_type t on t.id = p.entity_type
         join syncline.entity_type u on u.id = p.target
         join syncline.resource s on s.entity_type = p.entity_type and s.id = l.source
         join syncline.resource e on e.entity_type = p.target and e.id = l.target`,
    );
    for (const { property, source, type, target } of links.rows)
      state.links.get(property)?.add(link(source, targetOf(type, target)));
    const dangling = await this.#client.query<{ property: string; source: string; value: string }>(
      `select t.name || '.' || p.name as property, s.key as source, d.value
       from syncline.dangling_link d join syncline.link_property p on p.id = d.property
         join syncline.entity_type t on t.id = p.entity_type
         join syncline.resource s on s.entity_type = p.entity_type and s.id = d.source`,
    );
    for (const { property, source, value } of dangling.rows) state.dangling.get(property)?.add(link(source, value));
    return state;
  }

  /** Whatever must never be: links without an end, wrong counts, more than one link of a mono-valued property, deadlocks. */
  async broken(): Promise<string[]> {
    const { rows } = await this.#client.query<{ what: string }>(`
      select 'a link of property ' || property || ' without its source' as what from syncline.link l
        join syncline.link_property p on p.id = l.property
        where not exists (select from syncline.resource r where r.entity_type = p.entity_type and r.id = l.source)
      union all select 'a link of property ' || property || ' without its target' from syncline.link l
        join syncline.link_property p on p.id = l.property
        where not exists (select from syncline.resource r where r.entity_type = p.target and r.id = l.target)
      union all select 'type ' || name || ' counts ' || stored || ' resources wrongly' from syncline.entity_type t
        where stored <> (select count(*) from syncline.resource r where r.entity_type = t.id)
      union all select 'property ' || id || ' counts ' || stored || ' links wrongly' from syncline.link_property p
        where stored <> (select count(*) from syncline.link l where l.property = p.id)
      union all select 'two links of the mono-valued property ' || p.name from syncline.link l
        join syncline.link_property p on p.id = l.property where not p.multi_valued
        group by p.entity_type, p.name, l.source having count(*) > 1
      union all select deadlocks || ' deadlocks' from pg_stat_database where datname = current_database() and deadlocks > 0`);
    return rows.map(({ what }) => what);
  }

  async syncs(ids: readonly string[]): Promise<RecordedSync[]> {
    const { rows } = await this.#client.query<Omit<RecordedSync, 'connector'> & { name: string }>(
      `select s.id, c.name, s.status, to_json(s.created_at)::text as created, to_json(s.applied_at)::text as applied,
         to_json(s.ended_at)::text as ended, (
           select to_json(min(e.at))::text from syncline.sync_event e
           where e.sync = s.no and e.type = 'log' and e.data ->> 'message' like 'Found % changes%') as compared
       from syncline.sync s join syncline.connector c on c.id = s.connector where s.id = any($1)
       order by coalesce(s.applied_at, s.ended_at), s.no`,
      [ids],
    );
    return rows.map(({ name, ...each }) => ({ ...each, connector: connectorNames.indexOf(name) }));
  }
}
