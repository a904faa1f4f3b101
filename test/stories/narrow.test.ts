import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowError, Sync } from '../../domain/sync.ts';
import { csv, wide } from '../support/connector.ts';
import { Source } from '../support/random-directory.ts';
import { LinkedSource } from '../support/random-linked.ts';
import { Stack } from '../support/stack.ts';

function connector(name: string, displayName: string) {
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    displayName,
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory: 'narrow' } }],
    entityTypes: [
      {
        name: `${name}_Person`,
        source: { connection: 'files', table: 'people.csv', where: "row.kind != 'test'" },
        key: ['id'],
        properties: {
          ...Object.fromEntries(['id', 'name', 'badge'].map((column) => [column, { column }])),
          since: { column: 'since', type: 'date' },
        },
        navigationProperties: {
          boss: { to: `${name}_Person`, column: 'boss', by: 'badge' },
          teams: { to: `${name}_Group`, column: 'teams', multiValued: true, separator: ';' },
          peers: { to: `${name}_Person`, column: 'peers', by: 'badge', multiValued: true, separator: ';' },
        },
      },
      {
        name: `${name}_Group`,
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id' }, title: { column: 'title' } },
        navigationProperties: {
          members: { to: `${name}_Person`, table: 'members.csv', sourceColumn: 'group', targetColumn: 'person' },
        },
      },
    ],
  };
}

/** The same, with links to staff of another connector, and delta files. */
function linked(name: string, displayName: string) {
  const { entityTypes, ...file } = connector(name, displayName);
  const [person, group] = entityTypes;
  const settings = { directory: 'linked', delta: { directory: 'linked-d', commandColumn: 'cmd' } };
  return {
    ...file,
    connections: [{ name: 'files', package: 'csv', settings }],
    entityTypes: [
      {
        ...person,
        navigationProperties: {
          ...person?.navigationProperties,
          staff: { to: 'staff_Employee', column: 'number', by: 'number' },
          mates: { to: 'staff_Employee', column: 'mates', multiValued: true, separator: ';' },
        },
      },
      {
        ...group,
        navigationProperties: {
          ...group?.navigationProperties,
          guests: { to: 'staff_Employee', table: 'guests.csv', sourceColumn: 'group', targetColumn: 'staff' },
        },
      },
      {
        name: `${name}_Visitor`,
        source: { connection: 'files', table: 'people.csv', where: "row.kind == 'test'" },
        key: ['badge'],
        properties: { badge: { column: 'badge' }, name: { column: 'name' } },
        navigationProperties: {},
      },
    ],
  };
}

const staff = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'staff',
  thresholds: wide,
  connections: [{ name: 'files', package: 'csv', settings: { directory: 'staff' } }],
  entityTypes: [
    {
      name: 'staff_Employee',
      source: { connection: 'files', table: 'staff.csv' },
      key: ['id'],
      properties: Object.fromEntries(['id', 'number', 'name'].map((column) => [column, { column }])),
    },
  ],
};

describe('a complete sync that compares only the lines that differ', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  /** Everything that a sync says of its source and changes, but its ids. */
  async function told(sync: Sync) {
    const neutral = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll(/[a-z]*(quick|whole)_/g, 'x_')) as object;
    const { status, counters, thresholds, holds, deletesWithheld, overtaken, completeness } = sync;
    const causes = sync.causes.map(({ evidence: { counts }, syncId: _syncId, ...cause }) => ({ ...cause, counts }));
    const order = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    const changes = (await stack.all<{ id: string }>(`/v1/syncs/${sync.id}/changes`))
      .map(({ id: _id, ...change }) => neutral(change))
      .sort(order);
    const errors = (await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`)).map(neutral).sort(order);
    const verdicts = neutral({ counters, thresholds, holds, causes, deletesWithheld, overtaken, completeness });
    return { status, verdicts, changes, errors };
  }

  /** What a sync over equal files says that judged nothing: the status, no changes, and the same errors as before. */
  const brief = ({ status, changes, errors }: Awaited<ReturnType<typeof told>>) => ({ status, changes, errors });

  const narrowed = async (sync: Sync) =>
    (await stack.all<{ message: string }>(`/v1/syncs/${sync.id}/log`)).map(({ message }) => message);

  it('tells and changes exactly what one that compares everything does', { timeout: 600_000 }, async () => {
    const seed = Number(process.env['NARROW_SEED'] ?? Date.now() % 1_000_000);
    const source = new Source(seed);
    const names = Object.keys(source.steps);
    const ways = { narrow: 0, again: 0, refused: 0, whole: 0, same: 0 };
    await stack.put(connector('quick', 'quick'), 'quick');
    let syncs = 0;
    const compare = async (name: string, files: Record<string, string> = source.files()) => {
      await stack.place('narrow', files);
      // a revision of its own each time: nothing to be narrowed against
      await stack.put(connector('whole', `whole ${String(++syncs)}`), 'whole');
      const [quick, whole] = await Promise.all([stack.syncAndResume('quick'), stack.syncAndResume('whole')]);
      const log = await narrowed(quick);
      const compared = log.some((line) => line.startsWith('Compared line by line with the last applied export'));
      const refused = log.some((line) => line.startsWith('This sync compares all rows'));
      const again = log.some((line) => line.includes('that had errors taken again'));
      const same = log.some((line) => line.startsWith('The files are the same'));
      ways[same ? 'same' : refused ? 'refused' : again ? 'again' : compared ? 'narrow' : 'whole']++;
      expect(await narrowed(whole), name).not.toContainEqual(expect.stringContaining('by line'));
      const one = `seed ${String(seed)}, sync ${String(syncs)}: ${name}`;
      if (same) expect(brief(await told(quick)), one).toEqual(brief(await told(whole)));
      else expect(await told(quick), one).toEqual(await told(whole));
      return quick.status;
    };
    const steps = Number(process.env['NARROW_TURNS'] ?? 1) * names.length;
    for (let step = 0; step < steps; step++) {
      const name = step < names.length ? (names[step] ?? '') : source.pick(names);
      source.steps[name]?.();
      const files = source.files();
      if ((await compare(name, files)) === 'completed') continue;
      await compare(`the same files after ${name}`, files);
      // what is wrong stays for some steps, while other things change
      if (source.random(3) > 0) continue;
      source.heal();
      await compare(`after ${name}`);
    }
    // whatever came by chance: a base, and then a key that stands in a row that did not change
    source.heal();
    await stack.put(connector('quick', 'quick again'), 'quick');
    await compare('another revision');
    source.steps['a key that comes twice']?.();
    await compare('a key that comes twice');
    const stored = async (name: string) =>
      (await stack.all<{ key: unknown; attributes: unknown }>(`/v1/entity-types/${name}_Person/resources`)).map(
        ({ key, attributes }) => ({ key, attributes }),
      );
    expect(await stored('quick')).toEqual(await stored('whole'));
    process.stdout.write(`Compared by seed ${String(seed)}: ${JSON.stringify(ways)}\n`);
    // the comparison must have gone each way for the test to say anything
    expect(Math.min(...Object.values(ways)), JSON.stringify(ways)).toBeGreaterThan(0);
  });

  it(
    'also where other connectors, single items and delta files have written since',
    { timeout: 1_200_000 },
    async () => {
      const seed = Number(process.env['NARROW_SEED'] ?? Date.now() % 1_000_000);
      const source = new LinkedSource(seed);
      const ways = { same: 0, sought: 0, narrow: 0, whole: 0 };
      await stack.put(staff, 'staff');
      const syncStaff = async () => {
        await stack.place('staff', source.staff.file());
        await stack.syncAndResume('staff');
      };
      await syncStaff();
      await stack.place('linked-d', {});
      let files: Record<string, string> = {};
      let syncs = 0;
      const compare = async (name: string) => {
        await stack.place('linked', files);
        await stack.put(linked('lwhole', `whole ${String(++syncs)}`), 'lwhole');
        // one after another: what writes beside a sync leaves no base
        const quick = await stack.syncAndResume('lquick');
        const whole = await stack.syncAndResume('lwhole');
        const log = (await narrowed(quick)).join('\n');
        const same = log.includes('The files are the same');
        const refused = log.includes('This sync compares all rows') || !log.includes('Compared line by line');
        const way = same ? 'same' : refused ? 'whole' : log.includes('what they lead to') ? 'sought' : 'narrow';
        ways[way]++;
        const one = `seed ${String(seed)}, sync ${String(syncs)}: ${name}`;
        if (same) expect(brief(await told(quick)), one).toEqual(brief(await told(whole)));
        else expect(await told(quick), one).toEqual(await told(whole));
      };
      const both = async (body: (name: string) => Record<string, unknown>) => {
        for (const name of ['lquick', 'lwhole']) await stack.syncAndResume(name, body(name));
      };
      let delta = 0;
      const bringDelta = async (...rows: string[]) => {
        await stack.place('linked-d', {
          [`people-${String(++delta).padStart(4, '0')}.csv`]: csv('cmd,id,name,badge', ...rows),
        });
        await both(() => ({ mode: 'incremental' }));
      };
      const early: Record<string, () => Promise<void>> = {
        'a person read early': async () => {
          const { id } = source.pick(source.people.values());
          (source.people.get(id) ?? { name: '' }).name += ' early';
          await stack.place('linked', source.files());
          await both((name) => ({ scope: { keys: { [`${name}_Person`]: [[id]] } } }));
        },
        'a person who is gone, read early': async () => {
          const { id } = source.pick(source.people.values());
          source.leave({ cleanly: false }, id);
          await stack.place('linked', source.files());
          await both((name) => ({ scope: { keys: { [`${name}_Person`]: [[id]] } } }));
        },
        'a delta with another name and badge, which the files do not have': () => {
          const { id } = source.pick(source.people.values());
          return bringDelta(`update,${id},Delta,B-delta${String(delta)}`);
        },
        'a delta with a new person, whom the files do not have': () =>
          bringDelta(`insert,D${String(delta)},Delta,B-new${String(delta)}`),
        'a delta with a new person, whom the files get': async () => {
          source.hire();
          const { id, name, badge } = [...source.people.values()].at(-1) ?? source.pick(source.people.values());
          await bringDelta(`insert,${id},${name},${badge}`);
        },
        'a delta with a person who goes, whom the files still have': () =>
          bringDelta(`delete,${source.pick(source.people.keys())},,`),
        'a person who changes beside a visitor of the same number and without a badge': async () => {
          const { id } = source.pick([...source.people.values()].filter(({ kind }) => kind === 'staff'));
          source.dirt.push(`${id},Visitor,,,2020-01-01,test,,,,`);
          files = source.files();
          await compare('a visitor without a badge');
          await bringDelta(`update,${id},Beside,B-beside${String(delta)}`);
        },
        'staff that goes and comes back': async () => {
          const id = source.pick(source.staff.numbers.keys());
          const before = source.staff.numbers.get(id);
          source.staff.numbers.delete(id);
          await syncStaff();
          if (before) source.staff.numbers.set(id, before);
          await syncStaff();
        },
      };
      await stack.put(linked('lquick', 'quick'), 'lquick');
      files = source.files();
      await compare('the first time');
      await compare('the same files');
      const own = [...Object.keys(source.links), ...Object.keys(source.steps)];
      const first = [...Object.keys(source.elsewhere), ...Object.keys(early), ...Object.keys(source.links)];
      const steps = first.length + (Number(process.env['NARROW_TURNS'] ?? 1) - 1) * 60;
      for (let step = 0; step < steps; step++) {
        const name = step < first.length ? (first[step] ?? '') : source.pick([...first, ...own]);
        const other = source.elsewhere[name];
        other?.();
        if (other) await syncStaff();
        await early[name]?.();
        (source.links[name] ?? source.steps[name])?.();
        // more may happen before the next complete sync
        if (step >= first.length && source.random(3) === 0) continue;
        if (source.random(3) > 0) files = source.files();
        await compare(name);
        if (source.random(4) > 0) continue;
        source.heal();
        files = source.files();
        await compare(`after ${name}`);
      }
      const stored = async (name: string) =>
        (await stack.all<{ key: unknown; attributes: unknown }>(`/v1/entity-types/${name}_Person/resources`)).map(
          ({ key, attributes }) => ({ key, attributes }),
        );
      expect(await stored('lquick')).toEqual(await stored('lwhole'));
      process.stdout.write(`Compared by seed ${String(seed)}: ${JSON.stringify(ways)}\n`);
      expect(Math.min(...Object.values(ways)), JSON.stringify(ways)).toBeGreaterThan(0);
    },
  );
});
