import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEntityType, linkPropertiesAt } from '../../repository/catalog.ts';
import { row, rows } from '../../repository/database.ts';
import { linkedResources } from '../../repository/resources.ts';
import { Random } from '../support/random.ts';
import { connectorFile, SeveralTargets } from '../support/several-targets.ts';
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

describe('links to several entity types', () => {
  let of: SeveralTargets;
  beforeAll(async () => {
    of = await SeveralTargets.start();
  });
  afterAll(() => of.stop());

  const sorted = (links: Record<Navigation, ReadonlySet<string>>) =>
    Object.fromEntries(navigations.map((each) => [each, [...links[each]].sort()]));

  it('are what the model says, whatever comes, goes, moves, dangles or is ambiguous, and a revert takes it back', async () => {
    const random = new Random(seed);
    await of.syncs.put(connectorFile('any'));
    let directory: Directory = empty;
    let links = noLinks;
    let moves = 0;
    let last: { id: string; before: unknown } | undefined;
    for (let round = 0; round < rounds; round++) {
      const was = directory;
      directory = evolve(was, random);
      await of.syncs.place('any', toFiles(directory));
      const before = links;
      links = linksAfter(before, was, directory);
      const sync = await of.syncs.sync('any', 'complete');
      const told = `round ${String(round)}, seed ${String(seed)}`;
      expect(sync.applied, told).toBe(true);
      expect(await of.stored('any'), told).toEqual(sorted(links.stored));
      expect(await of.broken(), told).toEqual([]);
      for (const navigation of navigations) {
        const expected = countsOf(navigation, before.stored[navigation], links.stored[navigation]);
        expect(sync.counters['any_Thing']?.links[navigation], `${told}, ${navigation}`).toMatchObject(expected);
        moves += expected.updated;
      }
      last = { id: sync.id, before: sorted(before.stored) };
    }
    expect(moves).toBeGreaterThan(rounds / 4);
    const revert = await of.syncs.revert('any', [last?.id ?? '']);
    expect(revert.applied).toBe(true);
    expect(await of.stored('any')).toEqual(last?.before);
    const again = await of.syncs.revert('any', [revert.id]);
    expect(again.applied).toBe(true);
    expect(await of.stored('any')).toEqual(sorted(links.stored));
    expect(await of.broken()).toEqual([]);
  });

  it('links to an entity type that the file leaves out are retired, purged, or come back into use', async () => {
    await of.syncs.put(connectorFile('out'));
    await of.small('out', 'g');
    await of.syncs.sync('out', 'complete');
    await of.syncs.put(connectorFile('out', ['Person']));
    const sync = await of.syncs.sync('out', 'complete');
    expect(await of.changesOf(sync)).toEqual([]);
    expect((await of.stored('out')).owner).toEqual([]);
    expect((await of.stored('out', true)).owner).toEqual(['T > Group g']);
    await of.syncs.put(connectorFile('out'));
    await of.syncs.sync('out', 'complete');
    expect(await of.owner('out')).toEqual(['T > Group g']);
    await of.syncs.put(connectorFile('out', ['Person']));
    await of.syncs.purge('out');
    expect((await of.stored('out', true)).owner).toEqual([]);
    expect(await of.broken()).toEqual([]);
  });

  it('a complete read without any of them is held, and not one without those to one entity type', async () => {
    await of.syncs.put(connectorFile('none'));
    await of.small('none', 'a');
    await of.syncs.sync('none', 'complete');
    await of.small('none', 'g');
    const moved = await of.syncs.sync('none', 'complete');
    expect(moved.holds.filter(({ code }) => code === 'zero-rows')).toEqual([]);
    await of.small('none', '');
    const held = await of.syncs.find('none', 'complete');
    expect(held.holds.filter(({ code }) => code === 'zero-rows').map(({ scope }) => scope)).toEqual([
      'none_Thing.owner',
      'none_Thing.users',
    ]);
    await of.syncs.decide(held.id, 'reject');
  });

  it('follow delta files of things, of their link table, and of what they lead to', async () => {
    const name = 'delta';
    await of.syncs.put(connectorFile(name));
    await of.syncs.place(`${name}/delta`, {});
    await of.small(name, 'a');
    await of.syncs.sync(name, 'complete');
    await of.syncs.place(`${name}/delta`, {
      'things-1.csv': 'command,id,owner\nupdate,T,g\n',
      'users-1.csv': 'command,thing,user\ndelete,T,a\ninsert,T,h\ninsert,T,b\ndelete,T,b\n',
    });
    const sync = await of.syncs.sync(name, 'incremental');
    expect(sync.mode).toBe('incremental');
    expect(await of.stored(name)).toMatchObject({ owner: ['T > Group g'], users: ['T > Group h'] });
    expect(sync.counters[`${name}_Thing`]?.links['owner']).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
    // the group goes, and with it the links to it; the person that comes is nobody's yet
    await of.syncs.place(`${name}/delta`, {
      'Group-2.csv': 'command,id,mail\ndelete,g,\n',
      'Person-2.csv': 'command,id,mail\ninsert,g,\n',
    });
    await of.syncs.sync(name, 'incremental');
    expect(await of.stored(name)).toMatchObject({ owner: [], users: ['T > Group h'] });
    expect(await of.broken()).toEqual([]);
  });

  it('are not deleted by a read that may have been cut short, whatever they lead to', async () => {
    const name = 'cut';
    await of.syncs.put(connectorFile(name));
    const all = (users: string[]) => `thing,user\n${users.map((user) => `T,${user}`).join('\n')}`;
    await of.small(name, 'a');
    await of.syncs.place(name, { 'users.csv': `${all(['a', 'b', 'g', 'h'])}\n` });
    await of.syncs.sync(name, 'complete');
    await of.syncs.place(name, { 'users.csv': all(['a', 'g']) });
    const sync = await of.syncs.sync(name, 'complete');
    expect(sync.counters[`${name}_Thing`]?.links['users']).toMatchObject({ stored: 4, deleted: 0 });
    expect((await of.stored(name)).users).toEqual(['T > Group g', 'T > Group h', 'T > Person a', 'T > Person b']);
    expect((await of.changesOf(sync)).filter(({ fate }) => fate === 'w')).toMatchObject([
      { after: 'Group h' },
      { after: 'Person b' },
    ]);
  });

  it('stay as a sync has left them that read later', async () => {
    const name = 'later';
    await of.syncs.put(connectorFile(name));
    await of.small(name, 'a');
    await of.syncs.sync(name, 'complete');
    await of.small(name, 'g');
    const later = await of.syncs.sync(name, 'complete');
    await of.syncs.db.raw(`update syncline.sync set export_started_at = now() + interval '1 hour' where id = ?`, [
      later.id,
    ]);
    await of.small(name, 'a');
    const earlier = await of.syncs.sync(name, 'complete');
    expect(await of.changesOf(earlier)).toEqual([]);
    expect(earlier.overtaken).toBeGreaterThan(0);
    expect(await of.stored(name)).toMatchObject({ owner: ['T > Group g'], users: ['T > Group g'] });
  });

  it('have the digest that they always had where no link moves to another entity type', async () => {
    const known = await rows<{ plain: string; now: string }>(
      of.syncs.db,
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
    await of.syncs.put(connectorFile(name));
    const numbered = (letter: string, count: number) =>
      Array.from({ length: count }, (_, n) => `${letter}${String(n)}`);
    const [people, groups] = [numbered('P', 100), numbered('G', 100)];
    const users = [...people, ...groups];
    await of.syncs.place(
      name,
      toFiles({
        people: {
          Person: new Map(people.map((key) => [key, ''])),
          Group: new Map(groups.map((key) => [key, ''])),
        },
        things: new Map(numbered('T', 251).map((key) => [key, { owner: 'G7', contact: '', watchers: [], users }])),
      }),
    );
    const sync = await of.syncs.sync(name, 'complete');
    expect(sync.counters[`${name}_Thing`]?.links).toMatchObject({
      users: { inserted: 50_200, rejected: 0 },
      owner: { inserted: 251, rejected: 0 },
    });
    const counted = await rows<{ target: string; stored: number }>(
      of.syncs.db,
      `select t.name as target, p.stored from syncline.link_property p join syncline.entity_type t on t.id = p.target
       where p.name = 'users' and t.name = any(?) order by 1`,
      [types.map((type) => `${name}_${type}`)],
    );
    expect(counted).toEqual([
      { target: `${name}_Group`, stored: 25_100 },
      { target: `${name}_Person`, stored: 25_100 },
    ]);
    expect(await of.broken()).toEqual([]);
  });

  it('are listed in the order of their keys, page by page, whatever they lead to', async () => {
    const name = 'page';
    await of.syncs.put(connectorFile(name));
    const directory: Directory = {
      people: {
        Person: new Map(['c', 'a', 'e'].map((key) => [key, `${key}@p`])),
        Group: new Map(['b', 'd', 'c'].map((key) => [key, `${key}@g`])),
      },
      things: new Map([
        ['T', { owner: '', contact: '', users: [], watchers: ['c@p', 'a@p', 'e@p', 'b@g', 'd@g', 'c@g'] }],
      ]),
    };
    await of.syncs.place(name, toFiles(directory));
    await of.syncs.sync(name, 'complete');
    const type = await findEntityType(of.syncs.db, `${name}_Thing`);
    const links = (await linkPropertiesAt(of.syncs.db, type?.id ?? 0))
      .filter((link) => link.name === 'watchers')
      .sort((a, b) => a.place - b.place);
    const thing = await row<{ id: number }>(of.syncs.db, 'select id from syncline.resource where entity_type = ?', [
      type?.id ?? 0,
    ]);
    const listed: string[] = [];
    let after = { key: '', nth: 0 };
    for (;;) {
      const [first] = await linkedResources(of.syncs.db, links, thing?.id ?? 0, 'out', after, 1);
      if (!first) break;
      listed.push(`${types[first.nth] ?? ''} ${first.key}`);
      after = { key: first.key, nth: first.nth };
    }
    expect(listed).toEqual(['Person a', 'Group b', 'Person c', 'Group c', 'Group d', 'Person e']);
  });
});
