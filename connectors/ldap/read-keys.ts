import type { Filter } from 'ldapts';
import { bytesOfText } from '../../domain/format/bytes.ts';
import { isGuid, isSid } from '../../domain/format/identifiers.ts';
import { SyncError } from '../../domain/errors.ts';
import type { KeyAnswer, KeyAnswers, KeysRequest } from '../package.ts';
import { certificateOf, isChild } from './canary.ts';
import { isBinaryBy, isOwn } from '../entries/columns.ts';
import { allOf, equals } from '../entries/filter.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { proveKeys } from './key-proof.ts';
import { readTogether, refusesFilter, type Sought } from './read-together.ts';
import { entriesOf, type TableRead } from './table-read.ts';

/** Reads entries by what the mapping knows them by. An entry that is not found is gone only if `proveKeys` has no doubt. */
export async function readByKeys(read: TableRead, { by, keys, last }: KeysRequest): Promise<KeyAnswers> {
  const columns = read.columns.names;
  const odd = by.find((column) => column.toLowerCase() !== 'dn' && (isOwn(column) || !attribute.test(column)));
  if (odd !== undefined) {
    const answer = unasked(`The directory cannot be asked for entries by ${odd}.`);
    return { columns, answers: keys.map(() => answer), certificate: certificateOf(read, 0) };
  }
  const answers = await answersOf(read, by, keys);
  if (answers.every(({ state }) => state === 'unknown'))
    return { columns, answers, certificate: certificateOf(read, 0) };
  const { certificate, doubt } = await proveKeys(read, by, last);
  return {
    columns,
    answers: answers.map((answer) =>
      answer.state === 'gone' && doubt !== undefined ? { state: 'unknown', reason: doubt } : answer,
    ),
    certificate,
  };
}

/** What filters take for a name: no path. */
const attribute = /^[A-Za-z0-9][A-Za-z0-9.;-]*$/;

const unasked = (reason: string): KeyAnswer => ({ state: 'unknown', reason, unasked: true });

/** One attribute is asked for several values at once; a name is a search of its own, and so are several attributes. */
async function answersOf(read: TableRead, by: readonly string[], keys: KeysRequest['keys']): Promise<KeyAnswer[]> {
  const [column = '', ...others] = by;
  const alone = (key: readonly string[]) => () => readOne(read, by, key);
  const answers: (KeyAnswer | undefined)[] = [];
  const sought: Sought[] = [];
  for (const key of keys) {
    const value = others.length > 0 || column.toLowerCase() === 'dn' ? undefined : valueOf(read, column, key[0] ?? '');
    const together = value !== undefined && value.length > 0;
    answers.push(together ? undefined : await alone(key)());
    if (together) sought.push({ value, alone: alone(key) });
  }
  const found = (await readTogether(read, column, sought)).values();
  return answers.flatMap((answer) => answer ?? found.next().value ?? []);
}

async function readOne(read: TableRead, by: readonly string[], key: readonly string[]): Promise<KeyAnswer> {
  const filters: Filter[] = [];
  let name: string | undefined;
  for (const [i, column] of by.entries()) {
    const value = key[i] ?? '';
    if (value === '') return { state: 'unknown', reason: 'No entry has an empty key.' };
    if (column.toLowerCase() === 'dn') name = value;
    else {
      const found = valueOf(read, column, value);
      if (!found) return unasked(`The value of ${column} cannot be brought into the form of the directory.`);
      filters.push(equals(column, found));
    }
  }
  return name === undefined ? readByFilter(read, allOf(...filters)) : readByName(read, name, filters);
}

async function readByFilter(read: TableRead, filter: Filter): Promise<KeyAnswer> {
  const records = [];
  try {
    for await (const page of entriesOf(read, filter)) {
      if (page.references > 0)
        return { state: 'unknown', reason: 'The directory referred to another server, which may have the entry.' };
      records.push(...page.entries.map(read.columns.recordOf));
    }
  } catch (error) {
    if (!(error instanceof SyncError) || !refusesFilter(error)) throw error;
    return unasked(error.message);
  }
  return records.length > 0 ? { state: 'found', records } : { state: 'gone' };
}

async function readByName(read: TableRead, name: string, filters: Filter[]): Promise<KeyAnswer> {
  const { table } = read;
  const normal = normalName(name);
  const inside = table.bases.map(normalName).some((base) => (table.scope === 'one' ? isChild : isWithin)(normal, base));
  if (!inside) return { state: 'unknown', reason: 'The name is not where the table has its entries.' };
  const records = [];
  try {
    for await (const page of entriesOf(
      { ...read, table: { ...table, bases: [name], scope: 'base' } },
      // 389 Directory Server refuses a list of no filters, which RFC 4526 allows
      filters.length > 0 ? allOf(...filters) : undefined,
    ))
      records.push(...page.entries.map(read.columns.recordOf));
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'base-missing') throw error;
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
