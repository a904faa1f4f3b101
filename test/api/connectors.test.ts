import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { RowError, Sync } from '../../domain/sync.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface ProblemBody {
  code: string;
  detail: string;
  errors: { pointer: string; detail: string }[];
}

describe('connectors over HTTP', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  const put = async (name: string, file: unknown, query = '', headers = {}) =>
    stack.call('PUT', `/v1/connectors/${name}${query}`, file, headers);
  const refused = async (change: (file: ReturnType<typeof peopleAndGroups>) => unknown) => {
    const answer = await put('hr', change(peopleAndGroups()));
    expect(answer.status).toBe(422);
    return answer.body as ProblemBody;
  };

  it('counts revisions, keeps them, and uses the newest unless told not to', async () => {
    expect(await put('rev', peopleAndGroups({ name: 'rev' }))).toMatchObject({
      status: 201,
      body: { revision: 1, activeRevision: 1, changed: true },
    });
    expect(await put('rev', stringify(peopleAndGroups({ name: 'rev' })))).toMatchObject({
      status: 200,
      body: { revision: 1, changed: false },
    });
    const second = { ...peopleAndGroups({ name: 'rev' }), displayName: 'Second' };
    expect(await put('rev', second, '?activate=false')).toMatchObject({
      status: 200,
      body: { revision: 2, activeRevision: 1 },
    });
    expect(await stack.get('/v1/connectors/rev')).toMatchObject({
      revision: 2,
      activeRevision: 1,
      active: true,
      modes: ['complete'],
      runningSync: null,
    });
    expect(await stack.get('/v1/connectors/rev?revision=1')).toMatchObject({ fileRevision: 1, file: { name: 'rev' } });
    expect(await stack.all('/v1/connectors/rev/revisions')).toMatchObject([
      { revision: 2, active: false },
      { revision: 1, active: true },
    ]);
    expect(await put('rev', second, '', { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'stale-revision' },
    });
    expect(await put('rev', second, '', { 'if-none-match': '*' })).toMatchObject({
      status: 412,
      body: { code: 'stale-revision' },
    });
    expect(await put('fresh', peopleAndGroups({ name: 'fresh' }), '', { 'if-none-match': '*' })).toMatchObject({
      status: 201,
    });
    expect((await stack.call('GET', '/v1/connectors/nobody')).status).toBe(404);
  });

  it('points at every fault of a file', async () => {
    const cases: [(file: ReturnType<typeof peopleAndGroups>) => unknown, string, RegExp][] = [
      [(file) => ({ ...file, name: 'other' }), '/name', /other/],
      [(file) => ({ ...file, colour: 1 }), '/colour', /not a field/],
      [
        (file) => ({ ...file, thresholds: { maximumDeletedLines: -1 } }),
        '/thresholds/maximumDeletedLines',
        /cannot be switched off/,
      ],
      [
        (file) => ({ ...file, thresholds: { maximumDeletedLines: null } }),
        '/thresholds/maximumDeletedLines',
        /cannot be switched off/,
      ],
      [
        (file) => ({ ...file, thresholds: { maxPercentageDeletedLines: 100 } }),
        '/thresholds/maxPercentageDeletedLines',
        /below 100/,
      ],
      [
        (file) => ({ ...file, connections: [{ name: 'files', package: 'gopher', settings: {} }] }),
        '/connections/0/package',
        /gopher/,
      ],
      [
        (file) => ({
          ...file,
          connections: [{ name: 'files', package: 'csv', settings: { directory: 'hr', delimiter: 'long' } }],
        }),
        '/connections/0/settings/delimiter',
        /./,
      ],
      ...['env:PGPASSWORD', 'file:/proc/self/environ'].map((password): (typeof cases)[number] => [
        (file) => ({ ...file, connections: [{ ...file.connections[0], secrets: { password } }] }),
        '/connections/0/secrets/password',
        /SYNCLINE_SECRET_/,
      ]),
      [
        (file) => ({ ...file, entityTypes: [{ ...file.entityTypes[0], key: ['nobody'] }] }),
        '/entityTypes/0/key/0',
        /no property nobody/,
      ],
      [
        (file) => ({
          ...file,
          entityTypes: [{ ...file.entityTypes[0], properties: { id: { column: 'id' }, bad: { expression: 'row.' } } }],
        }),
        '/entityTypes/0/properties/bad/expression',
        /./,
      ],
      ...[{ type: 'integer' }, { multiValued: true }].map((more): (typeof cases)[number] => [
        (file) => {
          const n = { column: 'n', caseInsensitive: true, ...more };
          return { ...file, entityTypes: [{ ...file.entityTypes[0], properties: { id: { column: 'id' }, n } }] };
        },
        '/entityTypes/0/properties/n/caseInsensitive',
        /type string with one value/,
      ]),
      [
        (file) => ({ ...file, entityTypes: [file.entityTypes[1]] }),
        '/entityTypes/0/navigationProperties/members/to',
        /no entity type hr_Person/,
      ],
    ];
    for (const [change, pointer, message] of cases) {
      const { errors } = await refused(change);
      expect(errors.map((each) => each.pointer)).toContain(pointer);
      expect(errors.find((each) => each.pointer === pointer)?.detail).toMatch(message);
    }
  });

  it('refuses sections of later versions by name', async () => {
    for (const section of ['poll', 'notifications', 'lifecycle']) {
      const problem = await refused((file) => ({ ...file, [section]: {} }));
      expect(problem).toMatchObject({ code: 'not-supported', errors: [{ pointer: `/${section}` }] });
      expect(problem.detail).toContain(section);
    }
  });

  it('tells YAML that cannot be read, a type that is not read, a body that is too large', async () => {
    expect(await put('hr', 'name: [')).toMatchObject({ status: 400, body: { code: 'body-unreadable' } });
    expect(await put('hr', 'x', '', { 'content-type': 'text/csv' })).toMatchObject({ status: 415 });
    expect(await put('hr', `name: ${'x'.repeat(1 << 21)}`)).toMatchObject({ status: 413 });
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map(
        (c, i) =>
          `${c}: &${c} [${Array(9)
            .fill(`*${'abcdefgh'[i] ?? 'a'}`)
            .join()}]`,
      )
      .join('\n')}\n`;
    expect((await put('hr', bomb)).status).toBeGreaterThanOrEqual(400);
  });

  it('links entity types of two connectors, and deletes neither while the other needs it', async () => {
    await stack.place('people', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x') });
    await stack.place('keys', { 'cards.csv': csv('card,person', 'C1,E1', 'C2,E9') });
    const cards = {
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'keys',
      thresholds: wide,
      connections: [{ name: 'files', package: 'csv', settings: { directory: 'keys' } }],
      entityTypes: [
        {
          name: 'keys_Card',
          source: { connection: 'files', table: 'cards.csv' },
          key: ['card'],
          properties: { card: { column: 'card' } },
          navigationProperties: { holder: { to: 'people_Person', column: 'person' } },
        },
      ],
    };
    expect((await put('keys', cards)).status).toBe(422);
    await stack.put(onePerson({ name: 'people', thresholds: wide }), 'people');
    await stack.put(cards, 'keys');
    await stack.syncAndResume('people');
    const sync = await stack.syncAndResume('keys');
    expect(sync).toMatchObject({
      status: 'completed-with-errors',
      counters: { keys_Card: { inserted: 2, links: { holder: { inserted: 1, rejected: 1 } } } },
    });
    const ada = await stack.get<{ referencedBy: Record<string, { total: number }> }>(
      '/v1/entity-types/people_Person/resources/E1',
    );
    expect(ada.referencedBy['keys_Card.holder']).toMatchObject({
      total: 1,
      items: [{ entityType: 'keys_Card', key: ['C1'] }],
    });
    expect(await stack.call('DELETE', '/v1/connectors/people')).toMatchObject({
      status: 409,
      body: { code: 'resources-remain' },
    });
    // a person who goes takes the links of other connectors along, counted
    await stack.place('people', { 'people.csv': csv('id,name,mail', 'E2,Ben,b@x') });
    const gone = await stack.syncAndResume('people');
    expect(gone.counters['people_Person']).toMatchObject({ deleted: 1 });
    expect(gone.counters['keys_Card']?.links['holder']).toMatchObject({ deleted: 1 });
  });

  it('deletes a connector without resources', async () => {
    await stack.put(onePerson({ name: 'empty' }), 'empty');
    expect((await stack.call('DELETE', '/v1/connectors/empty')).status).toBe(204);
    expect((await stack.call('GET', '/v1/connectors/empty')).status).toBe(404);
  });

  it('tests connections, discovers tables, and takes a revision into use that fits the source', async () => {
    await stack.place('live', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    await stack.put(onePerson({ name: 'live' }), 'live');
    expect(await stack.call('POST', '/v1/connectors/live/test')).toMatchObject({ status: 200, body: { ok: true } });
    const elsewhere = onePerson({ name: 'live', directory: 'nowhere' });
    expect(await stack.call('POST', '/v1/connectors/test', elsewhere)).toMatchObject({
      status: 200,
      body: { ok: false, connections: [{ code: 'missing-file' }] },
    });
    expect((await stack.call('GET', '/v1/connectors/live/schema')).status).toBe(404);
    const found = await stack.call('POST', '/v1/connectors/live/schema');
    expect(found.body).toMatchObject({
      connections: [
        {
          connection: 'files',
          tables: [{ table: 'people.csv', columns: [{ name: 'id' }, { name: 'name' }, { name: 'mail' }] }],
        },
      ],
    });
    expect(await stack.get('/v1/connectors/live/schema')).toEqual(found.body);

    await put('live', onePerson({ name: 'live', properties: { phone: { column: 'Phone' } } }), '?activate=false');
    const reload = await stack.call('POST', '/v1/connectors/live/reload');
    expect(reload).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect((reload.body as ProblemBody).detail).toContain('Phone');
    expect(await stack.get('/v1/connectors/live')).toMatchObject({ activeRevision: 1 });
    await stack.place('live', { 'people.csv': csv('id,name,mail,Phone', 'E1,Ada,a@x,1') });
    expect(await stack.call('POST', '/v1/connectors/live/reload')).toMatchObject({
      status: 200,
      body: {
        revision: 2,
        previousRevision: 1,
        changes: { properties: { added: ['live_Person.phone'], retired: [] } },
      },
    });
  });

  it('previews one record without writing: cells, expressions, the resource and its changes', async () => {
    await stack.place('pre', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    const properties = {
      short: { expression: 'row.name.substring(0, 1)' },
      since: { column: 'since', type: 'date', format: 'dd.MM.yyyy' },
    };
    await stack.put(onePerson({ name: 'pre', thresholds: wide }), 'pre');
    await stack.syncAndResume('pre');
    const preview = async (body: object) =>
      (await stack.call('POST', '/v1/connectors/pre/preview', { entityType: 'pre_Person', ...body })).body;
    expect(await preview({ key: ['E1'] })).toMatchObject({
      outcome: 'row',
      cells: { name: 'Ada' },
      resource: { key: ['E1'] },
      changes: [],
    });
    expect(await preview({ row: { id: 'E1', name: 'Adele', mail: 'a@x' } })).toMatchObject({
      changes: [{ operation: 'update', before: { name: 'Ada' }, after: { name: 'Adele' } }],
    });
    const connector = onePerson({ name: 'pre', properties });
    expect(await preview({ connector, row: { id: 'E2', name: 'Ben', mail: '', since: '31.01.2024' } })).toMatchObject({
      expressions: [{ property: 'short', value: 'B' }],
      resource: { attributes: { id: 'E2', name: 'Ben', short: 'B', since: '2024-01-31' } },
      changes: [{ operation: 'insert' }],
    });
    expect(await preview({ connector, row: { id: 'E2', name: '', mail: '', since: 'soon' } })).toMatchObject({
      outcome: 'rejected',
      resource: null,
      changes: [],
    });
    expect(
      await stack.call('POST', '/v1/connectors/pre/preview', { entityType: 'pre_Person', key: ['E9'] }),
    ).toMatchObject({ status: 404 });
    expect((await stack.all('/v1/entity-types/pre_Person/resources')).length).toBe(1);
  });

  it('previews whatever an expression gives, and ends one that takes too long while other requests go on', async () => {
    const results = {
      list: { expression: '[1, 2, 10]', multiValued: true },
      large: { expression: '9223372036854775807' },
      unsigned: { expression: '18446744073709551615u' },
      half: { expression: 'row.name.substring(0, 1)' },
      nul: { expression: "'\\u0000'" },
      day: { expression: "timestamp('2024-05-17T00:00:00Z')" },
      ['__proto__']: { expression: "{'__proto__x': row.name}" },
      steps: { expression: "row.mail.split('').exists(x, row.mail.split('').exists(y, row.mail == ''))" },
    };
    const preview = (properties: Record<string, unknown>, row: object) => {
      const connector = onePerson({ name: 'pre', properties });
      return stack.call('POST', '/v1/connectors/pre/preview', { entityType: 'pre_Person', connector, row });
    };
    const shown = await preview(results, { id: '1', name: '𠮷', mail: 'x'.repeat(500), ['__proto__']: 'a cell' });
    expect(shown.status).toBe(200);
    const { expressions, cells } = shown.body as { cells: object; expressions: { property: string }[] };
    expect(Object.entries(cells)).toContainEqual(['__proto__', 'a cell']);
    const of = Object.fromEntries(expressions.map((each) => [each.property, each]));
    expect(of).toMatchObject({
      list: { value: [1, 2, 10] },
      large: { value: '9223372036854775807' },
      unsigned: { value: '18446744073709551615' },
      half: { error: expect.stringContaining('half of a surrogate pair') as string },
      nul: { error: expect.stringContaining('NUL') as string },
      day: { value: '2024-05-17T00:00:00.000Z' },
      steps: { error: expect.stringContaining('100,000 steps') as string },
    });
    expect(Object.keys(of)).toContain('__proto__');
    // each stays below its own limit of steps, all together do not end in time
    const heavy = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [
        `p${String(n)}`,
        { expression: `row.mail.split('').map(x, timestamp(${String(n)}).getHours('Europe/Paris')).size()` },
      ]),
    );
    const slow = preview(heavy, { id: '1', name: 'a', mail: 'x'.repeat(400) });
    const before = Date.now();
    expect((await stack.call('GET', '/v1/connectors')).status).toBe(200);
    expect(Date.now() - before).toBeLessThan(2000);
    expect(await slow).toMatchObject({ status: 422, body: { detail: expect.stringContaining('2 seconds') as string } });
    expect((await preview({ n: { expression: '1' } }, { id: '1', name: 'a', mail: '' })).status).toBe(200);
  });

  it('refuses settings that make no sense, and says which', async () => {
    const put = async (settings: object, properties: object = {}) => {
      const file = onePerson({
        name: 'senseless',
        settings: settings as Record<string, unknown>,
        properties: properties as Record<string, unknown>,
      });
      const { status, body } = await stack.call('PUT', '/v1/connectors/senseless', file);
      return { status, pointers: (body as { errors?: { pointer: string }[] }).errors?.map(({ pointer }) => pointer) };
    };
    const at = (setting: string) => ({ status: 422, pointers: [`/connections/0/settings/${setting}`] });
    expect(await put({ encoding: 'bogus-8' })).toEqual(at('encoding'));
    expect(await put({ delimiter: '\n' })).toEqual(at('delimiter'));
    expect(await put({ delimiter: '"' })).toEqual(at('delimiter'));
    expect(await put({}, { since: { column: 'since', type: 'date', format: 'QQQbogus' } })).toMatchObject({
      status: 422,
    });
    expect((await put({ encoding: 'windows-1252', delimiter: ';' })).status).toBe(201);
  });

  it('is emptied by a file without entity types and a purge, then deleted', async () => {
    await stack.put(onePerson({ name: 'leaving', thresholds: wide }), 'leaving');
    await stack.place('leaving', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    await stack.syncAndResume('leaving');
    expect((await stack.call('DELETE', '/v1/connectors/leaving')).status).toBe(409);
    await stack.put({ ...onePerson({ name: 'leaving', thresholds: wide }), entityTypes: [] }, 'leaving');
    expect((await stack.sync('leaving')).status).toBe('completed');
    const purge = await stack.call('POST', '/v1/connectors/leaving/purge');
    const settled = await stack.settled((purge.body as Sync).id);
    if (settled.status === 'held') await stack.decide(settled, 'resume');
    expect((await stack.call('DELETE', '/v1/connectors/leaving')).status).toBe(204);
  });

  it('never repeats cells in what it says of a file: not of a lost header, not of a value', async () => {
    const shown = { shown: { expression: 'string(bool(row.name))' } };
    await stack.put(onePerson({ name: 'quiet', thresholds: wide, properties: shown }), 'quiet');
    await stack.place('quiet', { 'people.csv': csv('1,CANARY Smith,canary@x', '2,CANARY Jones,canary@y') });
    const lost = await stack.sync('quiet');
    expect(lost.error?.code).toBe('missing-column');
    expect(JSON.stringify(lost)).not.toMatch(/canary/i);
    await stack.place('quiet', { 'people.csv': csv('id,name,mail', 'E1,CANARY,a@x', 'E2,true,b@x') });
    const rejected = await stack.syncAndResume('quiet');
    const errors = await stack.all<RowError>(`/v1/syncs/${rejected.id}/errors`);
    expect(errors).toMatchObject([{ code: 'expression', key: ['E1'] }]);
    expect(JSON.stringify(errors)).not.toMatch(/canary/i);
    // a header of megabytes is told of in a few words
    const long = Array.from({ length: 200_000 }, (_, n) => `"column ${String(n)}"`).join(',');
    await stack.place('quiet', { 'people.csv': `${long}\n` });
    expect((await stack.sync('quiet')).error?.code).toBe('too-many-columns');
    await stack.place('quiet', { 'people.csv': `${'x'.repeat(5_000_000)}\n` });
    const huge = await stack.sync('quiet');
    expect(huge).toMatchObject({ status: 'failed', error: { code: 'missing-column' } });
    expect(JSON.stringify(huge).length).toBeLessThan(10_000);
  });

  it('describes its packages, with their settings as JSON Schema', async () => {
    const { items } = await stack.get<{ items: { name: string; settings: object }[] }>('/v1/packages');
    const csv = items.find(({ name }) => name === 'csv');
    expect(csv).toMatchObject({ inbound: true, capabilities: { complete: true, incremental: true, write: false } });
    expect(csv?.settings).toMatchObject({ type: 'object', properties: { directory: { type: 'string' } } });
    expect(await stack.get('/v1/schemas/connector.json')).toMatchObject({ title: 'Syncline connector file' });
  });
});
