import type { Filter } from 'ldapts';
import { bytesOfText } from '../../domain/format/bytes.ts';
import { isGuid, isSid } from '../../domain/format/identifiers.ts';
import { SyncError } from '../../domain/errors.ts';
import type { KeyAnswer, KeyAnswers, KeysRequest } from '../package.ts';
import { lookForCanaries } from './canary.ts';
import { isBinaryBy, isOwn } from '../entries/columns.ts';
import { allOf, equals } from '../entries/filter.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { entriesOf, type TableRead } from './table-read.ts';

/**
 * Reads entries by what the mapping knows them by. An entry that is not found is gone only if the canaries of the table are
 * seen afterwards, on the same connection.
 */
export async function readByKeys(read: TableRead, { by, keys }: KeysRequest): Promise<KeyAnswers> {
  const { table, columns } = read;
  const answers: KeyAnswer[] = [];
  for (const key of keys) answers.push(await readOne(read, by, key));
  if (answers.some(({ state }) => state === 'gone')) {
    const reason = await doubt(read, by);
    if (reason !== undefined)
      return {
        columns: columns.names,
        answers: answers.map((answer) => (answer.state === 'gone' ? { state: 'unknown', reason } : answer)),
      };
  }
  return { columns: columns.names, answers };

  async function doubt(of: TableRead, names: readonly string[]): Promise<string | undefined> {
    if (!Array.isArray(table.canary))
      return `The directory does not show the entry. settings.tables.${table.name} has no canary, so nobody knows whether the entry is gone or hidden.`;
    try {
      await lookForCanaries(of, { alsoNeeded: names });
      return undefined;
    } catch (error) {
      if (error instanceof SyncError && error.code === 'canary-missing') return error.message;
      throw error;
    }
  }
}

async function readOne(read: TableRead, by: readonly string[], key: readonly string[]): Promise<KeyAnswer> {
  const { columns } = read;
  const filters: Filter[] = [];
  let name: string | undefined;
  for (const [i, column] of by.entries()) {
    const value = key[i] ?? '';
    if (column.toLowerCase() === 'dn') name = value;
    else if (isOwn(column) || value === '')
      return { state: 'unknown', reason: `The directory cannot be asked for entries by ${column}.` };
    else {
      const found = valueOf(read, column, value);
      if (!found)
        return { state: 'unknown', reason: `The value of ${column} cannot be brought into the form of the directory.` };
      filters.push(equals(column, found));
    }
  }
  const records = [];
  if (name === undefined) {
    for await (const page of entriesOf(read, allOf(...filters))) {
      if (page.references > 0)
        return { state: 'unknown', reason: 'The directory referred to another server, which may have the entry.' };
      records.push(...page.entries.map(columns.recordOf));
    }
  } else {
    const normal = normalName(name);
    const { table } = read;
    const inside = table.bases.some((base) => isWithin(normal, normalName(base)));
    if (!inside) return { state: 'unknown', reason: 'The name is not below the base of the table.' };
    try {
      for await (const page of entriesOf(
        { ...read, table: { ...table, bases: [name], scope: 'base' } },
        // 389 Directory Server refuses a list of no filters, which RFC 4526 allows
        filters.length > 0 ? allOf(...filters) : undefined,
      ))
        records.push(...page.entries.map(columns.recordOf));
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'base-missing') throw error;
    }
  }
  return records.length > 0 ? { state: 'found', records } : { state: 'gone' };
}

/** Bytes as the attribute has them, from the text that the mapping has. */
function valueOf({ settings }: TableRead, column: string, value: string): Buffer | string | undefined {
  if (!isBinaryBy(settings.binaryAttributes)(column)) return value;
  if (isSid(value)) return value;
  if (!isGuid(value)) return bytesOfText(value);
  const bytes = Buffer.from(value.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
