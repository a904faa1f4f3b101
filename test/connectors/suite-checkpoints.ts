import { expect, it } from 'vitest';
import { read, sorted, type Read, type ShownRow, type Subject } from './suite-reads.ts';

/** For packages that read changes from a checkpoint on. */
export function describeCheckpoints(make: () => Subject): void {
  const keyOf = ({ key }: Subject, row: ShownRow) => key.map((column) => row[column]).join();
  /** The keys of what is gone of these rows: a tombstone names a key or an identity, or it is in no list of what is there. */
  function goneKeys(subject: Subject, before: readonly ShownRow[], { rows, gone, present }: Read): string[] {
    const { identity } = subject;
    const identities = (of: readonly ShownRow[]) => new Set(of.map((row) => row[identity ?? '']));
    const absent = new Set(gone.map((row) => keyOf(subject, row)));
    const named = identities(gone);
    const there = identities([...present, ...rows]);
    return before
      .filter((row) => {
        if (absent.has(keyOf(subject, row))) return true;
        const id = row[identity ?? ''];
        if (id === undefined) return false;
        return named.has(id) || (present.length > 0 && !there.has(id));
      })
      .map((row) => keyOf(subject, row));
  }

  /** The rows that a read did not only repeat. */
  const changedOf = ({ overlaps }: Subject, before: readonly ShownRow[], rows: ShownRow[]): ShownRow[] => {
    const repeated = new Set(overlaps ? sorted(before) : []);
    return rows.filter((row) => !repeated.has(JSON.stringify(row)));
  };

  async function noted(subject: Subject) {
    const { adapter, connection, table } = subject;
    const session = await adapter.open?.(connection(), { tables: [table], mode: 'complete' });
    const note = await (session?.note?.({ table }) ?? adapter.note?.(connection(), { table }));
    await session?.close();
    // some can only say behind a complete read how far they have come
    const end = note ? undefined : (await read(subject)).end?.checkpoint;
    if (end) return end;
    if (!note) throw new Error('no checkpoint before a complete read');
    expect(note.name).not.toBe('');
    return note;
  }

  it('finds a change, a removal and a new row from the checkpoint on, each as a whole', async () => {
    const subject = make();
    await subject.reset();
    const since = await noted(subject);
    const before = await subject.list();
    const [other] = (await subject.list()).map((row) => keyOf(subject, row)).filter((key) => key !== subject.storedKey);
    await subject.put(subject.storedKey, 'another');
    await subject.put(subject.freshKey, 'new');
    await subject.remove(other ?? '');
    const found = await read(subject, { mode: 'incremental', since });
    const { end } = found;
    const rows = changedOf(subject, before, found.rows);
    const listed = await subject.list();
    const changed = [subject.storedKey, subject.freshKey];
    expect(sorted(rows)).toEqual(sorted(listed.filter((row) => changed.includes(keyOf(subject, row)))));
    expect(rows.every((row) => subject.shows(row, 'another') || subject.shows(row, 'new'))).toBe(true);
    expect(goneKeys(subject, before, found)).toEqual([other]);
    expect(end?.certificate).toEqual({ certified: true });
    const again = await read(subject, { mode: 'incremental', ...(end?.checkpoint ? { since: end.checkpoint } : {}) });
    expect(changedOf(subject, [...found.rows, ...found.gone], [...again.rows, ...again.gone])).toEqual([]);
  });

  it('finds the same changes after an interruption behind any batch', async () => {
    const subject = make();
    await subject.reset();
    const since = await noted(subject);
    const keys = (await subject.list()).map((row) => keyOf(subject, row));
    for (const [i, key] of keys.entries()) await (i % 2 === 0 ? subject.remove(key) : subject.put(key, 'another'));
    const whole = await read(subject, { mode: 'incremental', since });
    expect(whole.gone.length + whole.present.length).toBeGreaterThan(0);
    const resumable = subject.adapter.resume === 'page';
    for (let step = 1; step <= whole.steps.length; step++) {
      const begun = await read(subject, { mode: 'incremental', since }, step);
      const resumeAfter = begun.steps.at(-1)?.resume ?? '';
      const rest = await read(subject, { mode: 'incremental', since, ...(resumable ? { resumeAfter } : {}) });
      // a batch may come twice, and none is left out
      const both = (of: 'rows' | 'gone') => [...new Set(sorted([...(resumable ? begun[of] : []), ...rest[of]]))].sort();
      expect(both('rows')).toEqual(sorted(whole.rows));
      expect(both('gone')).toEqual(sorted(whole.gone));
    }
  });

  it('gives a row that was removed and made again under its key', async () => {
    const subject = make();
    await subject.reset();
    const since = await noted(subject);
    const before = await subject.list();
    await subject.remove(subject.storedKey);
    await subject.put(subject.storedKey, 'another');
    const { rows } = await read(subject, { mode: 'incremental', since });
    expect(changedOf(subject, before, rows).map((row) => keyOf(subject, row))).toEqual([subject.storedKey]);
  });

  it('has no checkpoint that is ahead of what was read, also behind an interruption', async () => {
    const subject = make();
    await subject.reset();
    const since = await noted(subject);
    for (const row of await subject.list()) await subject.put(keyOf(subject, row), 'another');
    const whole = await read(subject, { mode: 'incremental', since });
    for (let step = 1; step <= whole.steps.length; step++) {
      const begun = await read(subject, { mode: 'incremental', since }, step);
      await subject.put(subject.storedKey, `later ${String(step)}`);
      const { resume } = begun.steps.at(-1) ?? { resume: '' };
      const resumable = subject.adapter.resume === 'page';
      const rest = await read(subject, { mode: 'incremental', since, ...(resumable ? { resumeAfter: resume } : {}) });
      const { end } = rest;
      const next = await read(subject, { mode: 'incremental', ...(end?.checkpoint ? { since: end.checkpoint } : {}) });
      // a read that begins again has the change itself
      const found = [...(resumable ? [] : rest.rows), ...next.rows];
      expect(found.some((row) => subject.shows(row, `later ${String(step)}`))).toBe(true);
    }
  });
}
