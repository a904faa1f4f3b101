import { SyncError } from '../../domain/errors.ts';
import { isBase64 } from '../../domain/format/binary.ts';
import type { RecordFault } from '../package.ts';
import type { Entry } from '../entries/entry.ts';
import { readLines, type Line } from './lines.ts';

/** An entry of a file, by attributes as they are written. */
export interface FileEntry extends Entry {
  /** Line where it begins, from 1. */
  line: number;
  /** Names of attributes in the case of the file. */
  names: readonly string[];
  fault?: RecordFault;
}

export type FileEvent =
  | { kind: 'entry'; entry: FileEntry }
  /** `reason`: why entries may be missing. */
  | { kind: 'end'; reason?: { code: 'not-final' | 'referral'; text: string } };

/** Reads the content records of RFC 2849. Records of changes are refused: they say nothing of what else there is. */
export async function* readRecords(chunks: AsyncIterable<Buffer>, table: string): AsyncGenerator<FileEvent> {
  let block: Line[] = [];
  let references = 0;
  let first = true;
  for await (const line of readLines(chunks, table)) {
    if (line.text !== '') {
      block.push(line);
      continue;
    }
    yield* take(true);
  }
  const cut = block.length > 0;
  yield* take(false);
  yield {
    kind: 'end',
    ...(cut
      ? {
          reason: {
            code: 'not-final' as const,
            text: `No empty line follows the last entry of ${table}: the file may have been cut short. The entry is not used.`,
          },
        }
      : references > 0
        ? {
            reason: {
              code: 'referral' as const,
              text: `${table} has references to other servers, so entries may be missing.`,
            },
          }
        : {}),
  };

  function* take(whole: boolean): Generator<FileEvent> {
    const lines = block;
    block = [];
    if (first && /^version *:/i.test(lines[0]?.text ?? '')) checkVersion(lines.shift(), table);
    const [head] = lines;
    if (!head) return;
    first = false;
    // what ldapsearch writes beside entries
    if (/^ref *:/i.test(head.text)) references++;
    else if (/^search *:/i.test(head.text)) checkResult(lines, table);
    else yield { kind: 'entry', entry: readEntry(lines, table, whole) };
  }
}

function checkVersion(line: Line | undefined, table: string): void {
  if (line && !/^version *: *1$/i.test(line.text))
    throw new SyncError('unsupported-file', `${table} is LDIF of another version than 1.`, { table, line: line.line });
}

/** The result of the search that wrote the file: another one than success means that entries are missing. */
function checkResult(lines: readonly Line[], table: string): void {
  for (const { text, line } of lines) {
    const code = /^result *: *(\d+)/i.exec(text)?.[1];
    if (code !== undefined && code !== '0')
      throw new SyncError(
        'truncated',
        `The search that wrote ${table} ended with the LDAP result ${code}, so entries are missing. Write the file again.`,
        { table, line },
      );
  }
}

function readEntry(lines: readonly Line[], table: string, whole: boolean): FileEntry {
  const [head] = lines;
  const start = head?.line ?? 0;
  const attributes = new Map<string, Buffer[]>();
  const names: string[] = [];
  let fault: RecordFault | undefined = whole
    ? undefined
    : { code: 'unfinished-line', message: 'No empty line follows the entry, so it may have been cut short.' };
  let dn = '';
  for (const [i, { text, line }] of lines.entries()) {
    const found = /^([A-Za-z0-9][A-Za-z0-9;.-]*):([:<]?) *([^]*)$/.exec(text);
    const [, name = '', sign, written = ''] = found ?? [];
    const lower = name.toLowerCase();
    if (i === 0 && lower !== 'dn')
      throw new SyncError(
        'unsupported-file',
        `Line ${String(line)} of ${table} must begin an entry with dn:. The file is no LDIF, or is damaged.`,
        { table, line },
      );
    if (i > 0 && (lower === 'changetype' || lower === 'control'))
      throw new SyncError(
        'unsupported-file',
        `Line ${String(line)} of ${table} is of a record of changes. Only files of whole entries can be read; write one with ldapsearch, slapcat or ldifde.`,
        { table, line },
      );
    if (sign === '<')
      throw new SyncError(
        'unsupported-file',
        `Line ${String(line)} of ${table} refers to another file, which is never read.`,
        { table, line },
      );
    const value = !found ? undefined : sign === ':' ? fromBase64(written) : Buffer.from(written, 'utf8');
    if (value === undefined) {
      fault ??= { code: 'row-shape', message: `Line ${String(line)} is no attribute with a value.` };
      continue;
    }
    if (i === 0) {
      dn = value.toString('utf8');
      continue;
    }
    const values = attributes.get(lower);
    if (values) values.push(value);
    else {
      attributes.set(lower, [value]);
      names.push(name);
    }
  }
  return { dn, attributes, names, line: start, ...(fault ? { fault } : {}) };
}

const fromBase64 = (text: string): Buffer | undefined =>
  text === '' || isBase64(text) ? Buffer.from(text, 'base64') : undefined;
