import { parentPort } from 'node:worker_threads';
import type { Database, Statement } from 'better-sqlite3';
import type { Failure, Question, Reply, Value } from './messages.ts';

/** A database file in a thread of its own, since better-sqlite3 waits for the disk in place. */
let database: Database | undefined;
let reading: IterableIterator<Value[]> | undefined;

parentPort?.on('message', (question: Question) => {
  void answer(question)
    .catch((error: unknown): Reply => ({ failed: failureOf(error) }))
    .then((reply) => parentPort?.postMessage(reply));
});

async function answer(question: Question): Promise<Reply> {
  switch (question.kind) {
    case 'open':
      await open(question);
      return { answer: undefined };
    case 'columns':
      return {
        answer: prepare(question.select)
          .columns()
          .map(({ name, type }) => ({ name, type })),
      };
    case 'rows':
      return { answer: rowsOf(question).all(...question.values) as Value[][] };
    case 'begin':
      reading = rowsOf(question).iterate(...question.values) as IterableIterator<Value[]>;
      return { answer: undefined };
    case 'next':
      return { answer: page(question.rows, question.bytes) };
  }
}

async function open({ path, busyTimeout }: Question & { kind: 'open' }): Promise<void> {
  let Sqlite;
  try {
    Sqlite = (await import('better-sqlite3')).default;
    database = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: busyTimeout });
  } catch (error) {
    const { code } = error as { code?: string };
    throw Sqlite === undefined || code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED'
      ? Object.assign(new Error('better-sqlite3 cannot be loaded', { cause: error }), { code: 'module' })
      : error;
  }
  // the file is not ours: its views may call none of the functions that reach outside
  database.pragma('trusted_schema = off');
  database.pragma('query_only = on');
  database.exec('begin');
  // the first read takes the snapshot
  database.prepare('select count(*) from sqlite_schema').get();
}

function prepare(select: string): Statement {
  if (!database) throw new Error('no database is open');
  return database.prepare(select);
}

const rowsOf = ({ select }: { select: string }) => prepare(select).raw(true).safeIntegers(true);

/** @returns an empty page behind the last row */
function page(most: number, bytes: number): Value[][] {
  const rows: Value[][] = [];
  let size = 0;
  while (rows.length < most && size < bytes) {
    const next = reading?.next();
    if (!next || next.done) break;
    rows.push(next.value);
    for (const value of next.value)
      size += 8 + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 0);
  }
  return rows;
}

function failureOf(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' };
}
