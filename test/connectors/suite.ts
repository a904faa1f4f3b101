import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SyncError } from '../../domain/errors.ts';
import { Throttled } from '../../domain/throttle.ts';
import { describeCheckpoints } from './suite-checkpoints.ts';
import { describeKeys } from './suite-keys.ts';
import { pacer, read, sorted, type ShownRow, type Subject } from './suite-reads.ts';
import { describeSessions } from './suite-sessions.ts';

export { read, type ShownRow, type Subject };

/** What every package proves, against its real server. */
export function describePackage(name: string, make: () => Subject): void {
  describe(`the package ${name}`, () => {
    it('accepts good settings and names what is wrong with bad ones', () => {
      const { adapter, connection, badSettings } = make();
      expect(adapter.settings.safeParse(connection().settings).success).toBe(true);
      expect(badSettings.length).toBeGreaterThan(0);
      for (const { settings, path } of badSettings) {
        const issues = adapter.settings.safeParse(settings).error?.issues ?? [];
        expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
      }
    });

    it('says what decides which rows there are, without what only decides how they are read', () => {
      const { adapter, connection, table } = make();
      const { settings, secrets } = connection();
      const scope = adapter.scopeOf(settings, table);
      expect(Object.keys(scope).length).toBeGreaterThan(0);
      for (const secret of Object.values(secrets)) expect(JSON.stringify(scope)).not.toContain(secret);
      const { readingSettings = [] } = adapter;
      const { properties = {} } = z.toJSONSchema(adapter.settings, { io: 'input' });
      expect(Object.keys(properties)).toEqual(expect.arrayContaining([...readingSettings]));
      for (const name of readingSettings) expect(Object.keys(scope)).not.toContain(name);
    });

    it('tells whether its system can be reached, with a code and without secrets', async () => {
      const subject = make();
      await subject.reset();
      expect(await subject.adapter.test(subject.connection())).toMatchObject({ ok: true });
      for (const { what, connection, code } of subject.unreachable) {
        const told = await subject.adapter.test(connection());
        expect(told, what).toMatchObject({ ok: false, code });
        const failed: unknown = await read({ ...subject, connection }).catch((error: unknown) => error);
        expect(failed, what).toBeInstanceOf(SyncError);
        for (const secret of Object.values(connection().secrets))
          for (const text of [told.message, (failed as SyncError).message, JSON.stringify((failed as SyncError).place)])
            expect(text, what).not.toContain(secret);
      }
    });

    it('discovers its tables with the types of their columns', async () => {
      const subject = make();
      await subject.reset();
      const tables = await subject.adapter.discover(subject.connection());
      expect(tables.find((each) => each.table === subject.table)?.columns).toEqual(subject.columns);
    });

    it('reads all that the client of the server lists, once and again', async () => {
      const subject = make();
      await subject.reset();
      const listed = sorted(await subject.list());
      expect(listed.length).toBeGreaterThanOrEqual(5);
      for (let time = 0; time < 2; time++) {
        const { rows, gone, end } = await read(subject);
        expect(sorted(rows)).toEqual(listed);
        expect(gone).toEqual([]);
        expect(end?.certificate).toEqual({ certified: true });
      }
    });

    it('reads the same after an interruption behind any batch', async () => {
      const subject = make();
      await subject.reset();
      const whole = await read(subject);
      expect(whole.steps.length).toBeGreaterThan(0);
      for (let step = 1; step <= whole.steps.length; step++) {
        const begun = await read(subject, {}, step);
        const resumeAfter = begun.steps.at(-1)?.resume ?? '';
        const rest = await read(subject, subject.adapter.resume === 'page' ? { resumeAfter } : {});
        const before = subject.adapter.resume === 'page' ? begun.rows : [];
        expect([...before, ...rest.rows]).toEqual(whole.rows);
        expect(rest.end?.certificate).toEqual(whole.end?.certificate);
      }
    });

    it('certifies no table of which the server does not prove that this was all', async () => {
      const subject = make();
      expect(subject.incomplete.length > 0).toBe(subject.alwaysProven === undefined);
      for (const { what, make: breakIt, code, read: request } of subject.incomplete) {
        await subject.reset();
        await breakIt();
        const { end } = await read(subject, request);
        expect(end?.certificate, what).toMatchObject({ certified: false, code });
      }
      await subject.reset();
    });

    it('stops when it is told to', async () => {
      const subject = make();
      await subject.reset();
      await expect(read(subject, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
    });

    it('stops in the middle of a read, and reads again afterwards', async () => {
      const subject = make();
      await subject.reset();
      const stop = new AbortController();
      const begun = read(subject, { signal: stop.signal }).catch((error: unknown) => error);
      stop.abort(new Error('stopped'));
      expect(await begun).toMatchObject({ message: 'stopped' });
      expect(sorted((await read(subject)).rows)).toEqual(sorted(await subject.list()));
    });

    it('gives what is wanted, with the same cells as without a wish', async () => {
      const subject = make();
      await subject.reset();
      const { key, columns } = subject;
      const some = [...new Set([...key, columns.at(-1)?.name ?? ''])];
      const { rows } = await read(subject, { wanted: { columns: some, key } });
      const cut = (row: ShownRow) => Object.fromEntries(some.map((name) => [name, row[name] ?? '']));
      expect(sorted(rows.map(cut))).toEqual(sorted((await subject.list()).map(cut)));
    });

    it('makes no more requests than the caller has counted or was asked for', async () => {
      const subject = make();
      await subject.reset();
      if (!subject.requests) return;
      const before = await subject.requests();
      const { asked, keeps } = pacer();
      const { steps } = await read(subject, { pacer: keeps });
      // one for the begin, and one for each batch
      expect((await subject.requests()) - before).toBeLessThanOrEqual(1 + steps.length + asked.requests);
    });

    it('waits as long as a busy server says, and goes on behind what it has read if that is too long', async () => {
      const subject = make();
      await subject.reset();
      if (!subject.busy) return;
      const whole = await read(subject);
      await subject.busy(7);
      const patient = pacer();
      expect((await read(subject, { pacer: patient.keeps })).rows).toEqual(whole.rows);
      expect(patient.asked.busy).toEqual([7]);
      await subject.busy(7);
      const impatient = pacer(true);
      await expect(read(subject, { pacer: impatient.keeps })).rejects.toBeInstanceOf(Throttled);
      expect((await read(subject)).rows).toEqual(whole.rows);
      await subject.busy(7);
      expect(await subject.adapter.test(subject.connection())).toMatchObject({ ok: false, code: 'throttled' });
      await subject.reset();
    });

    it('has a state that changes with the rows, if it has one', async () => {
      const subject = make();
      await subject.reset();
      const { adapter, table } = subject;
      if (!adapter.state) return;
      const before = await adapter.state(subject.connection(), table);
      expect((await read(subject)).end?.state).toBe(before);
      await subject.put(subject.storedKey, 'another');
      expect(await adapter.state(subject.connection(), table)).not.toBe(before);
    });

    const { adapter, tellsChanges } = make();
    const checkpoints = adapter.capabilities.incremental && !adapter.pending;
    if (tellsChanges ?? checkpoints) describeCheckpoints(make);
    if (adapter.open) describeSessions(make);
    if (adapter.readKeys) describeKeys(make);
  });
}
