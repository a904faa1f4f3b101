import { expect, it } from 'vitest';
import { pacer, shown, type Subject } from './suite-reads.ts';

/** For packages that read single resources. */
export function describeKeys(make: () => Subject): void {
  const ask = async ({ adapter, connection, table, columns, key }: Subject, keys: string[]) => {
    const wanted = { columns: columns.map(({ name }) => name), key };
    const answered = await adapter.readKeys?.(connection(), {
      table,
      wanted,
      by: key,
      keys: keys.map((each) => [each]),
    });
    if (!answered) throw new Error('no answer about keys');
    expect(answered.answers).toHaveLength(keys.length);
    // what is gone was proven, so what was found is whole
    if (answered.answers.some(({ state }) => state === 'gone'))
      expect(answered.certificate).toEqual({ certified: true });
    return answered.answers.map((answer) =>
      answer.state === 'found' ? answer.records.map(({ cells }) => shown(answered.columns, cells)) : answer.state,
    );
  };

  it('reads single rows by key as they are, in the order that was asked for, and says of which it knows nothing', async () => {
    const subject = make();
    await subject.reset();
    if (!subject.targeted) throw new Error('the subject of a package with targeted reads says what its server proves');
    const absent = subject.targeted.proves ? 'gone' : 'unknown';
    const listed = async () =>
      (await subject.list()).filter((row) => subject.key.map((name) => row[name]).join() === subject.storedKey);
    expect(await ask(subject, [subject.freshKey, subject.storedKey])).toEqual([absent, await listed()]);
    await subject.put(subject.storedKey, 'another');
    expect(await ask(subject, [subject.storedKey])).toEqual([await listed()]);
    await subject.remove(subject.storedKey);
    expect(await ask(subject, [subject.storedKey])).toEqual([absent]);
    expect(await ask(subject, [])).toEqual([]);
  });

  it('asks for many keys in few requests, with the answers that each would get by itself', async () => {
    const subject = make();
    const { adapter, connection, table, columns, key, targeted } = subject;
    if (!targeted?.together) return;
    await subject.reset();
    const stored = (await subject.list()).map((row) => row[key[0] ?? ''] ?? '');
    // the same key twice, one in other letters, and more than fit into one request
    const keys = [...stored, subject.storedKey, subject.storedKey.toUpperCase()];
    for (let i = 0; i < 70; i++) keys.splice(2 * i, 0, `${subject.freshKey}-${String(i)}`);
    const request = { table, wanted: { columns: columns.map(({ name }) => name), key }, by: key };
    const { asked, keeps } = pacer();
    const many = await adapter.readKeys?.(connection(), { ...request, keys: keys.map((each) => [each]), pacer: keeps });
    expect(asked.requests).toBeLessThan(keys.length / 4);
    const single = [];
    for (const each of keys)
      single.push(...((await adapter.readKeys?.(connection(), { ...request, keys: [[each]] }))?.answers ?? []));
    expect(many?.answers).toEqual(single);
  });

  it('never says that a key is gone where the server does not prove it', async () => {
    const subject = make();
    for (const { what, make: breakIt } of subject.targeted?.unproven ?? []) {
      await subject.reset();
      await breakIt();
      expect(await ask(subject, [subject.freshKey]), what).toEqual(['unknown']);
    }
    await subject.reset();
  });
}
