import { rows } from '../../repository/database.ts';
import { wide } from './connector.ts';
import { InProcess } from './in-process.ts';
import { toFiles, types, type Navigation } from './several-targets-model.ts';

/**
 * A thing has links by each kind of navigation property, each to people and groups.
 * @param name of the connector, with which the names of its types begin
 */
export function connectorFile(name: string, to: readonly string[] = types, thresholds: Record<string, number> = wide) {
  const targets = to.map((type) => `${name}_${type}`);
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    thresholds,
    connections: [
      {
        name: 'files',
        package: 'csv',
        settings: { directory: name, delta: { directory: `${name}/delta`, commandColumn: 'command' } },
      },
    ],
    entityTypes: [
      ...types.map((type) => ({
        name: `${name}_${type}`,
        source: { connection: 'files', table: `${type}.csv` },
        key: ['id'],
        properties: { id: { column: 'id' }, mail: { column: 'mail' } },
      })),
      {
        name: `${name}_Thing`,
        source: { connection: 'files', table: 'things.csv' },
        key: ['id'],
        properties: { id: { column: 'id' } },
        navigationProperties: {
          owner: { to: targets, column: 'owner' },
          contact: { to: targets, column: 'contact', by: 'mail' },
          watchers: { to: targets, column: 'watchers', by: 'mail', multiValued: true, separator: ';' },
          users: { to: targets, table: 'users.csv', sourceColumn: 'thing', targetColumn: 'user', multiValued: true },
        },
      },
    ],
  };
}

/** A change of a link: its end before and after as `<Type> <key>`. */
interface LinkChange {
  operation: string;
  before: string | null;
  after: string;
  fate: string | null;
}

/** Syncs of such connectors, and what is stored of their links. */
export class SeveralTargets {
  readonly syncs: InProcess;

  private constructor(syncs: InProcess) {
    this.syncs = syncs;
  }

  static async start(): Promise<SeveralTargets> {
    return new SeveralTargets(await InProcess.start());
  }

  stop(): Promise<void> {
    return this.syncs.stop();
  }

  /** By navigation property: `<thing> > <Type> <key>`; with those of entity types that are no longer led to, if asked for. */
  async stored(name: string, retired = false): Promise<Record<Navigation, string[]>> {
    const found = await rows<{ name: Navigation; link: string }>(
      this.syncs.db,
      `select p.name, s.key || ' > ' || split_part(t.name, '_', 2) || ' ' || e.key as link
       from syncline.link l join syncline.link_property p on p.id = l.property join syncline.entity_type t on t.id = p.target
         join syncline.entity_type o on o.id = p.entity_type
         join syncline.resource s on s.entity_type = p.entity_type and s.id = l.source
         join syncline.resource e on e.entity_type = p.target and e.id = l.target
       where o.name = ? and (not p.retired or ?)`,
      [`${name}_Thing`, retired],
    );
    const of = (navigation: Navigation) =>
      found
        .filter((each) => each.name === navigation)
        .map(({ link }) => link)
        .sort();
    return { owner: of('owner'), contact: of('contact'), watchers: of('watchers'), users: of('users') };
  }

  /** Wrong figures, links without an end, two links of a mono-valued property. */
  broken(): Promise<unknown[]> {
    return rows(
      this.syncs.db,
      `select 'counted wrongly', p.id::text from syncline.link_property p
         where stored <> (select count(*) from syncline.link l where l.property = p.id)
       union all select 'without its target', l.source::text from syncline.link l join syncline.link_property p on p.id = l.property
         where not exists (select from syncline.resource r where r.entity_type = p.target and r.id = l.target)
       union all select 'twice', min(l.source)::text from syncline.link l join syncline.link_property p on p.id = l.property
         where not p.multi_valued and not p.retired group by p.name, p.entity_type, l.source having count(*) > 1`,
    );
  }

  changesOf(sync: { no: number }): Promise<LinkChange[]> {
    return rows(
      this.syncs.db,
      `select c.operation, split_part(b.name, '_', 2) || ' ' || c.before_target_key as before,
         split_part(t.name, '_', 2) || ' ' || c.target_key as after, c.fate
       from syncline.link_change c join syncline.link_property p on p.id = c.property join syncline.entity_type t on t.id = p.target
         left join syncline.link_property bp on bp.id = coalesce(c.before_property, c.property) and c.before_target is not null
         left join syncline.entity_type b on b.id = bp.target
       where c.sync = ? order by 1, 3`,
      [sync.no],
    );
  }

  /** One thing, with people and groups that have no address. */
  small(
    name: string,
    owner: string,
    { people = ['a', 'b'], groups = ['g', 'h'] }: { people?: string[]; groups?: string[] } = {},
  ): Promise<void> {
    return this.syncs.place(
      name,
      toFiles({
        people: {
          Person: new Map(people.map((key) => [key, ''])),
          Group: new Map(groups.map((key) => [key, ''])),
        },
        things: new Map([['T', { owner, contact: '', watchers: [], users: owner === '' ? [] : [owner] }]]),
      }),
    );
  }

  async owner(name: string): Promise<string[]> {
    return (await this.stored(name)).owner;
  }
}
