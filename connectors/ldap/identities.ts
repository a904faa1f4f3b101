import type { Filter } from 'ldapts';
import type { Cell } from '../../domain/cell.ts';
import { isGuid } from '../../domain/format/identifiers.ts';
import { equals } from '../entries/filter.ts';
import type { TableRead } from './table-read.ts';

/** Identities that the directory gives: 16 bytes, here in hexadecimal. */

type Kind = TableRead['identity'];

const hyphenated = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** From the value of the attribute: entryUUID is a text, objectGUID bytes. @returns undefined if it is no identity */
export function identityOfValue(kind: Kind, value: Buffer | undefined): string | undefined {
  if (!value) return undefined;
  if (kind === 'objectGUID') return value.length === 16 ? value.toString('hex') : undefined;
  const text = value.toString('utf8').toLowerCase();
  return isGuid(text) ? text.replaceAll('-', '') : undefined;
}

/** As a cell of the attribute has it. */
export const cellOf = (kind: Kind, hex: string): Cell => [
  kind === 'objectGUID' ? new Uint8Array(Buffer.from(hex, 'hex')) : hyphenated(hex),
];

export const hasIdentity = (kind: Kind, hex: string): Filter =>
  equals(kind, kind === 'objectGUID' ? Buffer.from(hex, 'hex') : hyphenated(hex));
