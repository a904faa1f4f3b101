import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import type { Connection, KeysRequest, ReadEvent } from '../../connectors/package.ts';
import { cellText } from '../../domain/cell.ts';
import type { SyncError } from '../../domain/errors.ts';
import { Authority } from '../support/authority.ts';
import { needs } from '../support/debian.ts';
import { entry, person, suffix, unit } from '../support/slapd.ts';
import {
  adapter,
  all,
  codeOf,
  connect,
  directoryOfPeople,
  endOf,
  folder,
  people,
  readAll,
  ready,
  rowsOf,
  wanted,
} from './ldap-people.ts';

describe.skipIf(!ready)(ready ? 'a directory' : needs('slapd', 'ldap-utils'), () => {
  const { slapd, restarted } = directoryOfPeople();

  describe('that ends a search at a limit', () => {
    const reader = `cn=reader,${suffix}`;
    const asReader = (table: object = {}) => connect(slapd().url, { bindDN: reader }, table, 'reader-password');
    beforeEach(() =>
      slapd().change(
        entry(
          reader,
          'objectClass: organizationalRole',
          'objectClass: simpleSecurityObject',
          'cn: reader',
          'userPassword: reader-password',
        ),
      ),
    );
    afterEach(() => restarted({ global: '', database: '' }));

    it('is read without one', async () => {
      expect(rowsOf(await readAll(asReader()))).toHaveLength(all.length);
    });

    it('fails with size-limit, however many pages came before', async () => {
      await restarted({ database: `limits dn.exact="${reader}" size.soft=20 size.hard=20` });
      expect(await codeOf(asReader())).toBe('size-limit');
    });

    it('fails with admin-limit, and names pageSize, where pages of this size are not given', async () => {
      await restarted({ database: `limits dn.exact="${reader}" size.pr=5` });
      const failed: unknown = await readAll(asReader()).catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 'admin-limit' });
      expect((failed as SyncError).message).toContain('pageSize');
    });

    it('fails with admin-limit where the index does not help, and nobody may search without', async () => {
      await restarted({ database: `limits dn.exact="${reader}" size.unchecked=10` });
      expect(await codeOf(asReader({ filter: '(sn=Surname)' }))).toBe('admin-limit');
    });

    it('fails with canary-missing where the reader may no longer see entries or values', async () => {
      const rule = (rules: string) =>
        `access to ${rules} by dn.exact="${reader}" none by * read\naccess to * by * read`;
      await restarted({ global: rule('dn.regex="^uid="') });
      expect(await codeOf(asReader())).toBe('canary-missing');
      await restarted({ global: rule('attrs=cn') });
      expect(await codeOf(asReader())).toBe('canary-missing');
      await restarted({ global: rule('attrs=entryUUID') });
      expect(await codeOf(asReader())).toBe('canary-missing');
      await restarted({ global: rule(`dn.subtree="${people}"`) });
      expect(['base-missing', 'canary-missing']).toContain(await codeOf(asReader()));
    });

    it('tells no delete where the reader may no longer see what changed', async () => {
      const note = await adapter.note?.(asReader(), { table: 'people' });
      await slapd().run('ldapdelete', [`uid=p2,${people}`]);
      await slapd().change(`dn: uid=p3,${people}\nchangetype: modify\nreplace: cn\ncn: another\n\n`);
      const rule = `access to dn.regex="^uid=" by dn.exact="${reader}" none by * read\naccess to * by * read`;
      await restarted({ global: rule });
      expect(await codeOf(asReader(), { mode: 'incremental', ...(note ? { since: note } : {}) })).toBe(
        'canary-missing',
      );
    });

    it('fails with credentials where the password is no longer right', async () => {
      expect(await codeOf(connect(slapd().url, { bindDN: reader }, {}, 'canary-old-2f'))).toBe('credentials');
    });
  });

  it('fails with base-missing where the base was renamed', async () => {
    await slapd().change(`dn: ${people}\nchangetype: modrdn\nnewrdn: ou=staff\ndeleteoldrdn: 1\n\n`);
    expect(await codeOf(connect(slapd().url))).toBe('base-missing');
  });

  it('fails with canary-missing where the filter gives nothing', async () => {
    expect(await codeOf(connect(slapd().url, {}, { filter: '(uid=nobody)' }))).toBe('canary-missing');
  });

  it('fails with missing-table for a table that is neither in the settings nor an object class', async () => {
    expect(await codeOf(connect(slapd().url), { table: 'peple' })).toBe('missing-table');
    const events = await readAll(connect(slapd().url), { table: 'inetOrgPerson' });
    expect(rowsOf(events)).toHaveLength(all.length);
  });

  it('fails with configuration where the name of the user comes without a password', async () => {
    expect(await codeOf(connect(slapd().url, {}, {}, ''))).toBe('configuration');
  });

  it('fails with outbound-refused where this machine is not named', async () => {
    const other = createLdapPackage({ allow: [], secretFolders: [] });
    const told = await other.test(connect(slapd().url));
    expect(told).toMatchObject({ ok: false, code: 'outbound-refused' });
  });

  it('fails with connection where it is killed in the middle of a read, and never goes on without a login', async () => {
    const events: ReadEvent[] = [];
    const request = { table: 'people', mode: 'complete', tables: ['people'], wanted } as const;
    const failed: unknown = await (async () => {
      for await (const event of adapter.read(connect(slapd().url), request)) {
        events.push(event);
        if (event.kind !== 'structured' || rowsOf(events).length > 10) continue;
        await slapd().end('SIGKILL');
        // it is there again before the next page
        await slapd().begin();
      }
    })().catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'connection' });
    expect(rowsOf(events).length).toBeLessThan(all.length);
    expect(endOf(events)).toBeUndefined();
  });

  it('reads names as they are written, and entries that were renamed under their identity', async () => {
    const odd = String.raw`uid=a\2Cb\+c \22d\22 \#,${people}`;
    await slapd().change(entry(odd, 'objectClass: inetOrgPerson', 'uid: a,b+c "d" #', 'cn: Ödön', 'sn: S'));
    const rows = rowsOf(
      await readAll(connect(slapd().url, {}, { filter: String.raw`(cn=\c3\96dön)`, canary: 'none' })),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.slice(0, 2)).toEqual([cellText(['a,b+c "d" #']), cellText(['Ödön'])]);
    const [, , name, identity] = rows[0] ?? [];
    expect(name).toMatch(/^uid=a/);
    const [before] = rowsOf(await readAll(connect(slapd().url, {}, { filter: '(uid=p9)', canary: 'none' })));
    await slapd().change(`dn: uid=p9,${people}\nchangetype: modrdn\nnewrdn: uid=p9x\ndeleteoldrdn: 1\n\n`);
    const [after] = rowsOf(await readAll(connect(slapd().url, {}, { filter: '(uid=p9x)', canary: 'none' })));
    expect(after?.[3]).toBe(before?.[3]);
    expect(after?.[3]).not.toBe(identity);
    // the key is the name that came
    const answers = await adapter.readKeys?.(connect(slapd().url), {
      table: 'people',
      wanted,
      by: ['dn'],
      keys: [[name ?? '']],
    });
    expect(answers?.answers[0]?.state).toBe('found');
  });

  describe('that is asked for single entries', () => {
    const ask = async (connection: Connection, by: string, keys: string[], more: Partial<KeysRequest> = {}) => {
      const request = { table: 'people', wanted, by: [by], keys: keys.map((key) => [key]), ...more };
      const told = await adapter.readKeys?.(connection, request);
      return {
        states: told?.answers.map((answer) =>
          answer.state === 'unknown' && answer.unasked ? 'unasked' : answer.state,
        ),
        certificate: told?.certificate,
      };
    };

    it('says `gone` only where it finds its canary in the same way', async () => {
      const fax = (uid: string, number: string) =>
        `dn: uid=${uid},${people}\nchangetype: modify\nadd: facsimileTelephoneNumber\nfacsimileTelephoneNumber: ${number}\n\n`;
      await slapd().change(fax('p1', '1') + fax('p2', '2'));
      const connection = connect(slapd().url);
      expect(await ask(connection, 'uid', ['p2', 'p999'])).toEqual({
        states: ['found', 'gone'],
        certificate: { certified: true },
      });
      // an attribute without a rule of equality: no filter of it is ever true
      expect((await ask(connection, 'facsimileTelephoneNumber', ['2', '3'])).states).toEqual(['unknown', 'unknown']);
    });

    it('certifies what it found as a read of all entries is certified', async () => {
      const hidden = connect(slapd().url, {}, { canary: [{ dn: `uid=nobody,${people}`, attributes: [] }] });
      const nobody = { states: ['found', 'unknown'], certificate: { certified: false, code: 'no-canary' } };
      expect(await ask(hidden, 'uid', ['p2', 'p999'])).toMatchObject(nobody);
      expect(await ask(connect(slapd().url, {}, { canary: undefined }), 'uid', ['p2', 'p999'])).toMatchObject(nobody);
      const connection = connect(slapd().url);
      const note = await adapter.note?.(connection, { table: 'people' });
      const later = Buffer.from('rid=000,csn=29991231235959.000000Z#000000#000#000000').toString('base64');
      const place = JSON.parse(note?.value ?? '{}') as object;
      const last = { value: JSON.stringify({ ...place, cookies: { [people]: later } }), name: 'x' };
      expect(await ask(connection, 'uid', ['p2', 'p999'], { last })).toMatchObject({
        states: ['found', 'unknown'],
        certificate: { certified: false, code: 'behind' },
      });
      expect((await ask(connection, 'uid', ['p999'], note ? { last: note } : {})).states).toEqual(['gone']);
    });

    it('gives each value what it would get alone, also where an entry has several values, or several entries have one', async () => {
      const more = (uid: string, attribute: string, ...values: string[]) =>
        `dn: uid=${uid},${people}\nchangetype: modify\nadd: ${attribute}\n${values.map((value) => `${attribute}: ${value}\n`).join('')}\n`;
      await slapd().change(
        more('p1', 'title', 'one') +
          more('p3', 'title', '7 a', 'B') +
          more('p4', 'title', 'b') +
          more('p5', 'title', 'c') +
          more('p6', 'title', 'é') +
          // its rule of equality tells case apart
          more('p1', 'labeledURI', 'one') +
          more('p3', 'labeledURI', 'A', 'b'),
      );
      const found = async (by: string, ...keys: string[]) =>
        (
          await adapter.readKeys?.(connect(slapd().url), {
            ...{ table: 'people', wanted, by: [by], keys: keys.map((key) => [key]) },
          })
        )?.answers ?? [];
      for (const [by, ...keys] of [
        ['title', 'b', '7 a', 'c'],
        ['title', 'c', '7  A', 'x'],
        ['title', 'B', 'b', 'é', 'e'],
        ['title', 'c', 'C', '', 'x', 'y'],
        ['labeledURI', 'a', 'b', 'c'],
      ] as const) {
        const alone = [];
        for (const key of keys) alone.push(...(await found(by, key)));
        expect(await found(by, ...keys), keys.join()).toEqual(alone);
      }
      expect((await found('labeledURI', 'a', 'b')).map(({ state }) => state)).toEqual(['gone', 'found']);
      expect(await found('title', '7 a', 'b')).toMatchObject([
        { state: 'found', records: [expect.anything()] },
        { state: 'found', records: [expect.anything(), expect.anything()] },
      ]);
    });

    it('is not asked where it cannot compare, and not for names that its table does not have', async () => {
      const connection = connect(slapd().url);
      for (const by of ['primaryGroupSid', 'parentDn', 'cn[].x'])
        expect((await ask(connection, by, ['p2'])).states, by).toEqual(['unasked']);
      await slapd().change(unit('below', people) + person('deep', 'Deep', `ou=below,${people}`));
      const deep = `uid=deep,ou=below,${people}`;
      expect((await ask(connection, 'dn', [deep])).states).toEqual(['found']);
      expect((await ask(connect(slapd().url, {}, { scope: 'one' }), 'dn', [deep])).states).toEqual(['unknown']);
    });
  });

  it('gives certificates under the name of their attribute, which the directory writes with ;binary', async () => {
    const der = new X509Certificate(await readFile(new Authority(folder).ca)).raw;
    await slapd().change(
      `dn: uid=p1,${people}\nchangetype: modify\nadd: userCertificate;binary\nuserCertificate;binary:: ${der.toString('base64')}\n\n`,
    );
    const columns = ['uid', 'usercertificate', 'userCertificate;binary'];
    const seen = { canary: [{ dn: `uid=p1,${people}`, attributes: ['userCertificate'] }] };
    const rows = rowsOf(await readAll(connect(slapd().url, {}, seen), { wanted: { columns, key: ['uid'] } }));
    const shown = cellText([new Uint8Array(der)]);
    expect(rows.filter(([, value]) => value !== '[]')).toEqual([[cellText(['p1']), shown, shown]]);
  });

  it('says of each step of the test what it found', async () => {
    const told = await adapter.test(connect(slapd().url, {}, { canary: undefined }));
    expect(told.checks?.map(({ name, ok }) => [name, ok])).toEqual([
      ['login', true],
      ['tables.people', true],
      ['tables.people.canary', true],
      ['tables.people.changes', true],
    ]);
    expect(told.checks?.[2]?.message).toContain('no canary');
    expect(told.tables).toEqual([{ table: 'people', entries: all.length }]);
    const failed = await adapter.test(connect(slapd().url, {}, { base: `ou=nowhere,${suffix}` }));
    expect(failed).toMatchObject({ ok: false, code: 'base-missing' });
    const dirsync = await adapter.test(connect(slapd().url, { changes: 'usn' }));
    expect(dirsync.checks?.at(-1)).toMatchObject({ ok: false, code: 'configuration' });
  });

  it('proposes its object classes as tables, with keys and links', async () => {
    await slapd().change(
      unit('groups') +
        entry(`cn=g,ou=groups,${suffix}`, 'objectClass: groupOfNames', 'cn: g', `member: uid=p1,${people}`),
    );
    const found = await adapter.discover(connect(slapd().url, { tables: {} }));
    expect(found.map(({ table }) => table).sort()).toEqual([
      'groupOfNames',
      'inetOrgPerson',
      'organization',
      'organizationalUnit',
    ]);
    expect(found.find(({ table }) => table === 'inetOrgPerson')).toMatchObject({ key: ['uid'], identity: 'entryUUID' });
    expect(found.find(({ table }) => table === 'groupOfNames')?.links).toEqual([
      { column: 'member', table: 'inetOrgPerson', by: 'dn' },
    ]);
  });
});
