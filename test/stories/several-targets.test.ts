import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEntityType, linkPropertiesAt } from '../../repository/catalog.ts';
import { row, rows } from '../../repository/database.ts';
import { linkedResources } from '../../repository/resources.ts';
import { wide } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';
import { Random } from '../support/random.ts';
import {
  countsOf,
  empty,
  evolve,
  linksAfter,
  navigations,
  noLinks,
  toFiles,
  types,
  type Directory,
  type Navigation,
} from '../support/several-targets-model.ts';

const rounds = Number(process.env['SEVERAL_ROUNDS'] ?? 16);
const seed = Number(process.env['SEVERAL_SEED'] ?? 1);

/** @param name of the connector, with which the names of its types begin */
function connectorFile(name: string, to: readonly string[] = types, thresholds: Record<string, number> = wide) {
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

describe('links to several entity types', () => {
  let syncs: InProcess;
  beforeAll(async () => {
    syncs = await InProcess.start();
  });
  afterAll(async () => {
    await syncs.stop();
  });

  /** By navigation property: `<thing> > <Type> <key>`; with those of entity types that are no longer led to, if asked for. */
  async function stored(name: string, retired = false): Promise<Record<Navigation, string[]>> {
    const found = await rows<{ name: Navigation; link: string }>(
      syncs.db,
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

  const sorted = (links: Record<Navigation, ReadonlySet<string>>) =>
    Object.fromEntries(navigations.map((each) => [each, [...links[each]].sort()]));

  /** Wrong figures, links without an end, two links of a mono-valued property. */
  const broken = () =>
    rows(
      syncs.db,
      `select 'counted wrongly', p.id::text from syncline.link_property p
         where stored <> (select count(*) from syncline.link l where l.property = p.id)
       union all select 'without its target', l.source::text from syncline.link l join syncline.link_property p on p.id = l.property
         where not exists (select from syncline.resource r where r.entity_type = p.target and r.id = l.target)
       union all select 'twice', min(l.source)::text from syncline.link l join syncline.link_property p on p.id = l.property
         where not p.multi_valued and not p.retired group by p.name, p.entity_type, l.source having count(*) > 1`,
    );

  const changesOf = (sync: { no: number }) =>
    rows<{ operation: string; before: string | null; after: string; fate: string | null }>(
      syncs.db,
      `select c.operation, split_part(b.name, '_', 2) || ' ' || c.before_target_key as before,
         split_part(t.name, '_', 2) || ' ' || c.target_key as after, c.fate
       from syncline.link_change c join syncline.link_property p on p.id = c.property join syncline.entity_type t on t.id = p.target
         left join syncline.link_property bp on bp.id = coalesce(c.before_property, c.property) and c.before_target is not null
         left join syncline.entity_type b on b.id = bp.target
       where c.sync = ? order by 1, 3`,
      [sync.no],
    );

  it('are what the model says, whatever comes, goes, moves, dangles or is ambiguous, and a revert takes it back', async () => {
    const random = new Random(seed);
    await syncs.put(connectorFile('any'));
    let directory: Directory = empty;
    let links = noLinks;
    let moves = 0;
    let last: { id: string; before: unknown } | undefined;
    for (let round = 0; round < rounds; round++) {
      const was = directory;
      directory = evolve(was, random);
      await syncs.place('any', toFiles(directory));
      const before = links;
      links = linksAfter(before, was, directory);
      const sync = await syncs.sync('any', 'complete');
      const told = `round ${String(round)}, seed ${String(seed)}`;
      expect(sync.applied, told).toBe(true);
      expect(await stored('any'), told).toEqual(sorted(links.stored));
      expect(await broken(), told).toEqual([]);
      for (const navigation of navigations) {
        const expected = countsOf(navigation, before.stored[navigation], links.stored[navigation]);
        expect(sync.counters['any_Thing']?.links[navigation], `${told}, ${navigation}`).toMatchObject(expected);
        moves += expected.updated;
      }
      last = { id: sync.id, before: sorted(before.stored) };
    }
    expect(moves).toBeGreaterThan(rounds / 4);
    const revert = await syncs.revert('any', [last?.id ?? '']);
    expect(revert.applied).toBe(true);
    expect(await stored('any')).toEqual(last?.before);
    const again = await syncs.revert('any', [revert.id]);
    expect(again.applied).toBe(true);
    expect(await stored('any')).toEqual(sorted(links.stored));
    expect(await broken()).toEqual([]);
  });

  /** One thing, with people and groups that have no address. */
  const small = (
    name: string,
    owner: string,
    { people = ['a', 'b'], groups = ['g', 'h'] }: { people?: string[]; groups?: string[] } = {},
  ) =>
    syncs.place(
      name,
      toFiles({
        people: {
          Person: new Map(people.map((key) => [key, ''])),
          Group: new Map(groups.map((key) => [key, ''])),
        },
        things: new Map([['T', { owner, contact: '', watchers: [], users: owner === '' ? [] : [owner] }]]),
      }),
    );
  const owner = async (name: string) => (await stored(name)).owner;
  const tight = { ...wide, maximumLinkUpdatedLines: 0, maxLinkPercentageUpdatedLines: 0 };

  it('a move from one entity type to another is one update, and undone as one', async () => {
    await syncs.put(connectorFile('move'));
    await small('move', 'a');
    await syncs.sync('move', 'complete');
    await small('move', 'g');
    const sync = await syncs.sync('move', 'complete');
    expect(sync.counters['move_Thing']?.links['owner']).toMatchObject({
      stored: 1,
      inserted: 0,
      updated: 1,
      deleted: 0,
    });
    expect(await changesOf(sync)).toEqual([
      { operation: 'd', before: null, after: 'Person a', fate: null },
      { operation: 'i', before: null, after: 'Group g', fate: null },
      { operation: 'u', before: 'Person a', after: 'Group g', fate: null },
    ]);
    const revert = await syncs.revert('move', [sync.id]);
    expect((await changesOf(revert)).filter(({ operation }) => operation === 'u')).toEqual([
      { operation: 'u', before: 'Group g', after: 'Person a', fate: null },
    ]);
    expect(await owner('move')).toEqual(['T > Person a']);
    expect(await broken()).toEqual([]);
  });

  it('a move goes as a whole with what a person decides of its ends', async () => {
    await syncs.put(connectorFile('draft', types, tight));
    await small('draft', 'a', { groups: ['h'] });
    await syncs.sync('draft', 'complete');
    // the new owner is not let in: the move does not happen, and the owner before stays although it is gone from the source
    await small('draft', 'g', { people: ['b'], groups: ['g', 'h'] });
    const sync = await syncs.sync('draft', 'complete', null, {
      rules: [{ decision: 'defer', filter: { kind: 'resource', entityType: 'draft_Group' } }],
      otherwise: 'apply',
    });
    expect(await owner('draft')).toEqual(['T > Person a']);
    expect((await changesOf(sync)).find(({ operation }) => operation === 'u')).toMatchObject({ fate: 'd' });
    expect(await broken()).toEqual([]);
    await syncs.sync('draft', 'complete');
    expect(await owner('draft')).toEqual(['T > Group g']);
  });

  it('a refused move is suppressed, and told again where it leads elsewhere', async () => {
    await syncs.put(connectorFile('no', types, tight));
    await small('no', 'a');
    await syncs.sync('no', 'complete');
    await small('no', 'g');
    await syncs.sync('no', 'complete', null, {
      rules: [{ decision: 'refuse', filter: { kind: 'link', property: 'owner' } }],
      otherwise: 'apply',
    });
    expect(await owner('no')).toEqual(['T > Person a']);
    const next = await syncs.sync('no', 'complete');
    expect((await changesOf(next)).filter(({ operation }) => operation === 'u')).toEqual([
      { operation: 'u', before: 'Person a', after: 'Group g', fate: 's' },
    ]);
    await small('no', 'b');
    await syncs.sync('no', 'complete');
    expect(await owner('no')).toEqual(['T > Person b']);
    const left = await row<{ endedBy: string }>(
      syncs.db,
      `select f.ended_by as "endedBy" from syncline.refusal f join syncline.connector c on c.id = f.connector
       where c.name = 'no' and f.operation = 'u'`,
    );
    expect(left?.endedBy).toBe('changed');
  });

  it('a held move is overtaken as a whole where another sync has moved the link meanwhile', async () => {
    await syncs.put(connectorFile('late', types, tight));
    await small('late', 'a');
    await syncs.sync('late', 'complete');
    await small('late', 'g');
    const held = await syncs.find('late', 'complete');
    await small('late', 'h');
    await syncs.sync('late', 'complete', { keys: { late_Thing: [['T']] } });
    expect(await owner('late')).toEqual(['T > Group h']);
    const resumed = await syncs.decide(held.id, 'resume');
    expect((await changesOf(resumed)).find(({ operation }) => operation === 'u')).toMatchObject({ fate: 'o' });
    expect(await owner('late')).toEqual(['T > Group h']);
    expect(await broken()).toEqual([]);
  });

  it('links to an entity type that the file leaves out are retired, purged, or come back into use', async () => {
    await syncs.put(connectorFile('out'));
    await small('out', 'g');
    await syncs.sync('out', 'complete');
    await syncs.put(connectorFile('out', ['Person']));
    const sync = await syncs.sync('out', 'complete');
    expect(await changesOf(sync)).toEqual([]);
    expect((await stored('out')).owner).toEqual([]);
    expect((await stored('out', true)).owner).toEqual(['T > Group g']);
    await syncs.put(connectorFile('out'));
    await syncs.sync('out', 'complete');
    expect(await owner('out')).toEqual(['T > Group g']);
    await syncs.put(connectorFile('out', ['Person']));
    await syncs.purge('out');
    expect((await stored('out', true)).owner).toEqual([]);
    expect(await broken()).toEqual([]);
  });

  it('a complete read without any of them is held, and not one without those to one entity type', async () => {
    await syncs.put(connectorFile('none'));
    await small('none', 'a');
    await syncs.sync('none', 'complete');
    await small('none', 'g');
    const moved = await syncs.sync('none', 'complete');
    expect(moved.holds.filter(({ code }) => code === 'zero-rows')).toEqual([]);
    await small('none', '');
    const held = await syncs.find('none', 'complete');
    expect(held.holds.filter(({ code }) => code === 'zero-rows').map(({ scope }) => scope)).toEqual([
      'none_Thing.owner',
      'none_Thing.users',
    ]);
    await syncs.decide(held.id, 'reject');
  });

  it('follow delta files of things, of their link table, and of what they lead to', async () => {
    const name = 'delta';
    await syncs.put(connectorFile(name));
    await syncs.place(`${name}/delta`, {});
    await small(name, 'a');
    await syncs.sync(name, 'complete');
    await syncs.place(`${name}/delta`, {
      'things-1.csv': 'command,id,owner\nupdate,T,g\n',
      'users-1.csv': 'command,thing,user\ndelete,T,a\ninsert,T,h\ninsert,T,b\ndelete,T,b\n',
    });
    const sync = await syncs.sync(name, 'incremental');
    expect(sync.mode).toBe('incremental');
    expect(await stored(name)).toMatchObject({ owner: ['T > Group g'], users: ['T > Group h'] });
    expect(sync.counters[`${name}_Thing`]?.links['owner']).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
    // the group goes, and with it the links to it; the person that comes is nobody's yet
    await syncs.place(`${name}/delta`, {
      'Group-2.csv': 'command,id,mail\ndelete,g,\n',
      'Person-2.csv': 'command,id,mail\ninsert,g,\n',
    });
    await syncs.sync(name, 'incremental');
    expect(await stored(name)).toMatchObject({ owner: [], users: ['T > Group h'] });
    expect(await broken()).toEqual([]);
  });

  it('are not deleted by a read that may have been cut short, whatever they lead to', async () => {
    const name = 'cut';
    await syncs.put(connectorFile(name));
    const all = (users: string[]) => `thing,user\n${users.map((user) => `T,${user}`).join('\n')}`;
    await small(name, 'a');
    await syncs.place(name, { 'users.csv': `${all(['a', 'b', 'g', 'h'])}\n` });
    await syncs.sync(name, 'complete');
    await syncs.place(name, { 'users.csv': all(['a', 'g']) });
    const sync = await syncs.sync(name, 'complete');
    expect(sync.counters[`${name}_Thing`]?.links['users']).toMatchObject({ stored: 4, deleted: 0 });
    expect((await stored(name)).users).toEqual(['T > Group g', 'T > Group h', 'T > Person a', 'T > Person b']);
    expect((await changesOf(sync)).filter(({ fate }) => fate === 'w')).toMatchObject([
      { after: 'Group h' },
      { after: 'Person b' },
    ]);
  });

  it('stay as a sync has left them that read later', async () => {
    const name = 'later';
    await syncs.put(connectorFile(name));
    await small(name, 'a');
    await syncs.sync(name, 'complete');
    await small(name, 'g');
    const later = await syncs.sync(name, 'complete');
    await syncs.db.raw(`update syncline.sync set export_started_at = now() + interval '1 hour' where id = ?`, [
      later.id,
    ]);
    await small(name, 'a');
    const earlier = await syncs.sync(name, 'complete');
    expect(await changesOf(earlier)).toEqual([]);
    expect(earlier.overtaken).toBeGreaterThan(0);
    expect(await stored(name)).toMatchObject({ owner: ['T > Group g'], users: ['T > Group g'] });
  });

  it('have the digest that they always had where no link moves to another entity type', async () => {
    const known = await rows<{ plain: string; now: string }>(
      syncs.db,
      `select sum(hash_record_extended(row(property, operation, source_key, target_key, before_target_key), 0)::numeric)::text as plain,
         (s.digest_sums -> 'link' ->> 'a') as now
       from syncline.link_change c join syncline.sync s on s.no = c.sync
       where c.fate is null and s.digest_sums is not null group by s.no, s.digest_sums
       having count(c.before_property) = 0 and not exists (
         select from syncline.link_change o where o.sync = s.no and (o.before_property is not null or o.fate is not null))`,
    );
    expect(known.length).toBeGreaterThan(5);
    for (const { plain, now } of known) expect(now).toBe(plain);
  });

  it('are compared where very many come at once, too', async () => {
    const name = 'many';
    await syncs.put(connectorFile(name));
    const numbered = (letter: string, count: number) =>
      Array.from({ length: count }, (_, n) => `${letter}${String(n)}`);
    const [people, groups] = [numbered('P', 100), numbered('G', 100)];
    const users = [...people, ...groups];
    await syncs.place(
      name,
      toFiles({
        people: {
          Person: new Map(people.map((key) => [key, ''])),
          Group: new Map(groups.map((key) => [key, ''])),
        },
        things: new Map(numbered('T', 251).map((key) => [key, { owner: 'G7', contact: '', watchers: [], users }])),
      }),
    );
    const sync = await syncs.sync(name, 'complete');
    expect(sync.counters[`${name}_Thing`]?.links).toMatchObject({
      users: { inserted: 50_200, rejected: 0 },
      owner: { inserted: 251, rejected: 0 },
    });
    const counted = await rows<{ target: string; stored: number }>(
      syncs.db,
      `select t.name as target, p.stored from syncline.link_property p join syncline.entity_type t on t.id = p.target
       where p.name = 'users' and t.name = any(?) order by 1`,
      [types.map((type) => `${name}_${type}`)],
    );
    expect(counted).toEqual([
      { target: `${name}_Group`, stored: 25_100 },
      { target: `${name}_Person`, stored: 25_100 },
    ]);
    expect(await broken()).toEqual([]);
  });

  it('are listed in the order of their keys, page by page, whatever they lead to', async () => {
    const name = 'page';
    await syncs.put(connectorFile(name));
    const directory: Directory = {
      people: {
        Person: new Map(['c', 'a', 'e'].map((key) => [key, `${key}@p`])),
        Group: new Map(['b', 'd', 'c'].map((key) => [key, `${key}@g`])),
      },
      things: new Map([
        ['T', { owner: '', contact: '', users: [], watchers: ['c@p', 'a@p', 'e@p', 'b@g', 'd@g', 'c@g'] }],
      ]),
    };
    await syncs.place(name, toFiles(directory));
    await syncs.sync(name, 'complete');
    const type = await findEntityType(syncs.db, `${name}_Thing`);
    const links = (await linkPropertiesAt(syncs.db, type?.id ?? 0))
      .filter((link) => link.name === 'watchers')
      .sort((a, b) => a.place - b.place);
    const thing = await row<{ id: number }>(syncs.db, 'select id from syncline.resource where entity_type = ?', [
      type?.id ?? 0,
    ]);
    const listed: string[] = [];
    let after = { key: '', nth: 0 };
    for (;;) {
      const [first] = await linkedResources(syncs.db, links, thing?.id ?? 0, 'out', after, 1);
      if (!first) break;
      listed.push(`${types[first.nth] ?? ''} ${first.key}`);
      after = { key: first.key, nth: first.nth };
    }
    expect(listed).toEqual(['Person a', 'Group b', 'Person c', 'Group c', 'Group d', 'Person e']);
  });
});
