import { describe, expect, it } from 'vitest';
import { errorRecord } from './error-record.ts';
import { SyncError } from './errors.ts';

const canary = 'CANARY Smith';

/** As the driver throws it. */
function refused(): Error {
  const error = Object.assign(new Error(`insert into t values ('${canary}') - duplicate key: ${canary}`), {
    name: 'error',
    code: '23505',
    severity: 'ERROR',
    detail: `Key (key)=(${canary}) already exists.`,
    where: `COPY t, line 3: "${canary}"`,
    internalQuery: `select '${canary}'`,
    hint: canary,
    table: 'resource_4',
    constraint: 'resource_4_key',
    dataType: 'text',
    routine: '_bt_check_unique',
    column: `${canary}, with a blank`,
  });
  return error;
}

describe('what a log holds of an error', () => {
  it('is its kind, its code, names of our own tables and its place, and nothing that it says', () => {
    const record = errorRecord(refused());
    expect(record).toMatchObject({
      name: 'error',
      code: '23505',
      table: 'resource_4',
      constraint: 'resource_4_key',
      dataType: 'text',
      routine: '_bt_check_unique',
    });
    expect(record.stack).toMatch(/^ {4}at refused \(.*error-record\.test\.ts:\d+:\d+\)/);
    expect(JSON.stringify(record)).not.toMatch(/canary/i);
  });

  it.each([
    ['a cause', new Error(canary, { cause: refused() })],
    ['one of several', new AggregateError([refused(), new Error(canary)], canary)],
    ['the text that could not be parsed', caught(() => JSON.parse(`{"name": ${canary}}`))],
    ['a name or a code of its own', Object.assign(new Error(canary), { name: canary, code: canary })],
    ['a message of lines that look like a place', new Error(`x\n    at ${canary}`)],
    ['a message that was changed later', Object.assign(new Error(`${canary}\n${canary}`), { message: 'other' })],
    ['a thrown text', canary],
    ['a thrown object', { message: canary }],
    ['nothing', null],
  ])('holds nothing of %s', (_what, error) => {
    const record = errorRecord(error);
    expect(record.name).not.toBe('');
    expect(JSON.stringify(record)).not.toMatch(/canary/i);
  });

  it('has the message of an error of ours, which is made without row data, and its cause without', () => {
    const error = new SyncError('connection', 'people.csv cannot be read.', {}, { cause: refused() });
    expect(errorRecord(error)).toMatchObject({
      name: 'SyncError',
      code: 'connection',
      message: 'people.csv cannot be read.',
      cause: { name: 'error', code: '23505' },
    });
    expect(JSON.stringify(errorRecord(error))).not.toMatch(/canary/i);
  });

  it('ends where causes go round in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(errorRecord(error)).match(/"cause"/g)).toHaveLength(5);
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
