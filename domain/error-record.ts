import { SyncError } from './errors.ts';

/** What a log may hold of an error. */
export interface ErrorRecord {
  name: string;
  /** Of a `SyncError` only: its message names no row data. */
  message?: string;
  /** Of Node, of gRPC, of a `SyncError`, or a SQLSTATE. */
  code?: string | number;
  /** Of a failure of Temporal or of Express: one of a closed list. */
  type?: string;
  /** Names of our own tables, as Postgres reports them. */
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
  dataType?: string;
  routine?: string;
  syscall?: string;
  /** Places in the code, without the message that precedes them in a stack. */
  stack?: string;
  cause?: ErrorRecord;
  errors?: ErrorRecord[];
}

const deepest = 5;
const identifier = /^[A-Za-z_][\w.$-]{0,99}$/;
/** `at name (file:line:column)`, as V8 writes it. */
const frame = /^ {4}at (.{1,300}:\d+:\d+\)?|[\w$. ]{1,200} \((<anonymous>|index \d+)\))$/;

/**
 * The parts of an error that are known to hold no row data. Messages of foreign errors hold row data: knex adds the
 * bindings of a statement, Postgres adds the value that it refused (and whole rows in `detail`, `where` and `query`), a
 * JSON parser adds the text around the fault. So these messages are never logged.
 */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { name: `a thrown ${error === null ? 'null' : typeof error}` };
  const found = error as Error & Record<string, unknown>;
  const named = (field: string): string | undefined => {
    const value = found[field];
    return typeof value === 'string' && identifier.test(value) ? value : undefined;
  };
  const code = typeof found['code'] === 'number' ? found['code'] : (named('code') ?? sqlState(found['code']));
  const record: ErrorRecord = { name: named('name') ?? 'Error' };
  if (error instanceof SyncError) record.message = error.message;
  if (code !== undefined) record.code = code;
  for (const field of ['type', 'schema', 'table', 'column', 'constraint', 'dataType', 'routine', 'syscall'] as const) {
    const value = named(field);
    if (value !== undefined) record[field] = value;
  }
  const stack = framesOf(error.stack);
  if (stack !== '') record.stack = stack;
  if (depth < deepest) {
    if (error.cause !== undefined) record.cause = errorRecord(error.cause, depth + 1);
    if (error instanceof AggregateError)
      record.errors = error.errors.slice(0, deepest).map((each: unknown) => errorRecord(each, depth + 1));
  }
  return record;
}

const sqlState = (code: unknown) => (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined);

/** The frames at the end of a stack. The message precedes them, and its lines may look like frames. */
function framesOf(stack: string | undefined): string {
  const lines = stack?.split('\n') ?? [];
  const other = lines.findLastIndex((line) => !frame.test(line));
  return lines
    .slice(other + 1)
    .slice(-Error.stackTraceLimit)
    .join('\n');
}
