import { describe, expect, it } from 'vitest';
import { cellText } from '../../domain/cell.ts';
import { needs } from '../support/debian.ts';
import { person, suffix, unit } from '../support/slapd.ts';
import { adapter, all, connect, directoryOfPeople, endOf, people, readAll, ready, rowsOf } from './ldap-people.ts';

describe.skipIf(!ready)(ready ? 'changes of a directory' : needs('slapd', 'ldap-utils'), () => {
  const { slapd } = directoryOfPeople();

  it('leaves out the branches that the settings exclude, and tells who has moved there', async () => {
    await slapd().change(unit('guests', people) + person('g1', 'Guest', `ou=guests,${people}`));
    const connection = connect(slapd().url, {}, { exclude: [`ou=Guests, ${people}`] });
    expect(rowsOf(await readAll(connection))).toHaveLength(all.length);
    const since = await adapter.note?.(connection, { table: 'people' });
    await slapd().change(
      `dn: uid=p7,${people}\nchangetype: modrdn\nnewrdn: uid=p7\ndeleteoldrdn: 0\nnewsuperior: ou=guests,${people}\n\n`,
    );
    const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rowsOf(events)).toEqual([]);
    expect(rowsOf(events, 'tombstones')).toHaveLength(1);
    expect(endOf(events)?.certificate).toEqual({ certified: true });
  });

  it('tells who has left the filter', async () => {
    const connection = connect(slapd().url, {}, { filter: '(&(objectClass=inetOrgPerson)(!(title=left)))' });
    const since = await adapter.note?.(connection, { table: 'people' });
    await slapd().change(`dn: uid=p7,${people}\nchangetype: modify\nadd: title\ntitle: left\n\n`);
    const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rowsOf(events)).toEqual([]);
    expect(rowsOf(events, 'tombstones')).toHaveLength(1);
  });

  it.each(['syncrepl', 'modifyTimestamp'])(
    'is read completely where a branch was renamed or moved away: %s',
    async (changes) => {
      const team = `ou=team,${people}`;
      await slapd().change(unit('team', people) + person('t1', 'T', team) + unit('attic'));
      const connection = connect(slapd().url, { changes });
      const moves = [
        `dn: ${team}\nchangetype: modrdn\nnewrdn: ou=squad\ndeleteoldrdn: 1\n\n`,
        `dn: ou=squad,${people}\nchangetype: modrdn\nnewrdn: ou=squad\ndeleteoldrdn: 0\nnewsuperior: ou=attic,${suffix}\n\n`,
      ];
      for (const move of moves) {
        const since = await adapter.note?.(connection, { table: 'people' });
        await slapd().change(move);
        const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
        expect(events).toEqual([expect.objectContaining({ kind: 'refused', code: 'branch-renamed' })]);
      }
    },
  );

  it('tells new branches and what is in them without a complete read', async () => {
    const connection = connect(slapd().url);
    const since = await adapter.note?.(connection, { table: 'people' });
    await slapd().change(unit('team', people) + person('t1', 'T', `ou=team,${people}`));
    const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rowsOf(events)).toHaveLength(1);
  });

  it.each(['syncrepl', 'modifyTimestamp'])(
    'tells who came with a branch that was moved into the base: %s',
    async (changes) => {
      const team = `ou=team,ou=attic,${suffix}`;
      await slapd().change(
        unit('attic') +
          unit('team', `ou=attic,${suffix}`) +
          unit('squad', team) +
          person('t1', 'T', `ou=squad,${team}`),
      );
      const connection = connect(slapd().url, { changes, overlap: '1s' });
      await new Promise((resolve) => setTimeout(resolve, 2100));
      // the newest entry of the table: what came before it is not within the overlap
      await slapd().change(person('last'));
      const since = await adapter.note?.(connection, { table: 'people' });
      await slapd().change(
        `dn: ${team}\nchangetype: modrdn\nnewrdn: ou=team\ndeleteoldrdn: 0\nnewsuperior: ${people}\n\n`,
      );
      const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
      if (changes === 'syncrepl') expect(rowsOf(events).map(([uid]) => uid)).toEqual([cellText(['t1'])]);
      else expect(events.at(-1)).toMatchObject({ kind: 'refused', code: 'branch-renamed' });
    },
  );

  it('is polled as directories are: often, and with half an hour of rest after five failures', () => {
    expect(adapter.poll).toEqual({ interval: '2m30s', failures: 5, reset: '30m' });
  });

  it('goes on where an old entry gets its first one below: nothing was renamed', async () => {
    const old = `ou=old,${people}`;
    await slapd().change(unit('old', people));
    const connection = connect(
      slapd().url,
      { changes: 'modifyTimestamp', overlap: '1s' },
      { filter: '(|(objectClass=inetOrgPerson)(objectClass=organizationalUnit))' },
    );
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await slapd().change(person('last'));
    const since = await adapter.note?.(connection, { table: 'people' });
    await slapd().change(person('t1', 'T', old));
    const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rowsOf(events).map(([uid]) => uid)).toContainEqual(cellText(['t1']));
    expect(events.at(-1)).toMatchObject({ kind: 'end' });
  });

  it('leaves out what came with a branch that was moved into an excluded one', async () => {
    const archive = `ou=archive,${people}`;
    const team = `ou=team,ou=attic,${suffix}`;
    await slapd().change(
      unit('attic') +
        unit('archive', people) +
        person('a1', 'A', archive) +
        unit('team', `ou=attic,${suffix}`) +
        person('t1', 'T', team),
    );
    const connection = connect(slapd().url, {}, { exclude: [archive] });
    const since = await adapter.note?.(connection, { table: 'people' });
    await slapd().change(
      `dn: ${team}\nchangetype: modrdn\nnewrdn: ou=team\ndeleteoldrdn: 0\nnewsuperior: ${archive}\n\n`,
    );
    const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rowsOf(events)).toEqual([]);
    // that of the branch itself, which has changed
    expect(rowsOf(events, 'tombstones').length).toBeLessThanOrEqual(1);
    expect(endOf(events)?.certificate).toEqual({ certified: true });
  });

  it('is read completely where the checkpoint is of another kind', async () => {
    const since = { value: 'nothing of this package', name: 'x' };
    for (const changes of ['syncrepl', 'dirsync', 'usn', 'modifyTimestamp'])
      expect(await readAll(connect(slapd().url, { changes }), { mode: 'incremental', since })).toEqual([
        expect.objectContaining({ kind: 'refused', code: 'checkpoint-refused' }),
      ]);
  });

  it('is not certified by a read that is older than what was stored, or of another server', async () => {
    const connection = connect(slapd().url);
    const note = await adapter.note?.(connection, { table: 'people' });
    const place = JSON.parse(note?.value ?? '') as { server: string; cookies: Record<string, string> };
    const with_ = (change: Partial<typeof place>) => ({ value: JSON.stringify({ ...place, ...change }), name: 'x' });
    const later = Buffer.from('rid=000,csn=29991231235959.000000Z#000000#000#000000').toString('base64');
    const newer = with_({ cookies: { [people]: later } });
    expect(endOf(await readAll(connection, { last: newer }))?.certificate).toMatchObject({ code: 'behind' });
    expect(endOf(await readAll(connection, { mode: 'incremental', since: newer }))).toMatchObject({
      certificate: { certified: false, code: 'behind' },
    });
    const other = 'ldap://127.0.0.1:1';
    const elsewhere = { last: with_({ server: other }) };
    const both = connect(slapd().url, { url: [slapd().url, other] });
    expect(endOf(await readAll(both, elsewhere))?.certificate).toMatchObject({ code: 'behind' });
    // nor where an attempt before has noted it of the other one, or of a later time
    for (const noted of [elsewhere.last, newer])
      expect(endOf(await readAll(both, { noted, ...(note ? { last: note } : {}) }))?.certificate).toMatchObject({
        code: 'behind',
      });
    // a server that is not configured any more says nothing
    expect(endOf(await readAll(connection, elsewhere))?.certificate).toEqual({ certified: true });
    expect(endOf(await readAll(connection, note ? { last: note } : {}))?.certificate).toEqual({ certified: true });
  });

  it('tells changes by their time, without deletes, and says so', async () => {
    const connection = connect(slapd().url, { changes: 'modifyTimestamp', overlap: '1s' });
    const since = await adapter.note?.(connection, { table: 'people' });
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await slapd().change(`dn: uid=p3,${people}\nchangetype: modify\nreplace: cn\ncn: another\n\n`);
    await slapd().run('ldapdelete', [`uid=p4,${people}`]);
    const events = await readAll(connection, { mode: 'incremental', ...(since ? { since } : {}) });
    const changed = rowsOf(events).filter(([, cn]) => cn === cellText(['another']));
    expect(changed).toHaveLength(1);
    const end = endOf(events);
    expect(end?.certificate).toMatchObject({ certified: false, code: 'no-tombstones' });
    const next = await readAll(connection, {
      mode: 'incremental',
      ...(end?.checkpoint ? { since: end.checkpoint } : {}),
    });
    // within the overlap it comes again
    expect(rowsOf(next)).toHaveLength(1);
  });
});
