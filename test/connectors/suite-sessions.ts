import { expect, it } from 'vitest';
import { SyncError } from '../../domain/errors.ts';
import { read, sorted, take, type Subject } from './suite-reads.ts';

/** For packages that read several tables as one. */
export function describeSessions(make: () => Subject): void {
  it('closes its session after the end, after an interruption, and after an error', async () => {
    const subject = make();
    await subject.reset();
    if (!subject.sessions)
      throw new Error('the subject of a package with sessions says how many connections there are');
    const { connected } = subject.sessions;
    const none = await connected();
    await read(subject);
    expect(await connected()).toBe(none);
    await read(subject, {}, 1);
    expect(await connected()).toBe(none);
    await expect(read({ ...subject, table: 'no such table' })).rejects.toBeInstanceOf(SyncError);
    expect(await connected()).toBe(none);
    await expect(read(subject, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
    expect(await connected()).toBe(none);
  });

  it('reads all tables as they were at one moment, if it says so', async () => {
    const subject = make();
    await subject.reset();
    const { adapter, connection, table, tables, sessions } = subject;
    if (!sessions?.snapshot) return;
    const before = sorted(await subject.list());
    const session = await adapter.open?.(connection(), { tables, mode: 'complete' });
    if (!session) throw new Error('no session');
    try {
      const request = { table, mode: 'complete' as const, tables };
      const first = await take(session.read(request), Infinity);
      await subject.put(subject.freshKey, 'late');
      await subject.remove(subject.storedKey);
      const second = await take(session.read(request), Infinity);
      expect(sorted(first.rows)).toEqual(before);
      expect(sorted(second.rows)).toEqual(before);
    } finally {
      await session.close();
    }
    expect(sorted((await read(subject)).rows)).toEqual(sorted(await subject.list()));
  });
}
