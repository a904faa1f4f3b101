import type { Filter } from 'ldapts';
import type { Cell } from '../../domain/cell.ts';
import { isGuid } from '../../domain/format/identifiers.ts';
import { equals } from '../entries/filter.ts';
import type { TableRead } from './table-read.ts';

/** Identities that the directory gives: 16 bytes, here in hexadecimal. */

type Kind = TableRead['identity'];

const hyphenated = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** 389 Directory Server writes four groups of eight. */
const inEights = (hex: string) => hex.replace(/^(.{8})(.{8})(.{8})(.{8})$/, '$1-$2-$3-$4');
const isInEights = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/.test(text);

/** From the value of the attribute: objectGUID is bytes, the others are texts. @returns undefined if it is no identity */
export function identityOfValue(kind: Kind, value: Buffer | undefined): string | undefined {
  if (!value) return undefined;
  if (kind === 'objectGUID') return value.length === 16 ? value.toString('hex') : undefined;
  const text = value.toString('utf8').toLowerCase();
  const isIdentity = kind === 'nsUniqueId' ? isInEights : isGuid;
  return isIdentity(text) ? text.replaceAll('-', '') : undefined;
}

const textOf = (kind: Kind, hex: string) => (kind === 'nsUniqueId' ? inEights : hyphenated)(hex);

/** As people look for it: texts as the directory writes them, objectGUID as `<GUID=…>` takes it. */
export const idOfIdentity = (kind: Kind, hex: string): string => (kind === 'objectGUID' ? hex : textOf(kind, hex));

/** The identity of an id. @returns undefined if it is none */
export function identityOfId(id: string): string | undefined {
  const hex = id.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : undefined;
}

/** As a cell of the attribute has it. */
export const cellOf = (kind: Kind, hex: string): Cell => [
  kind === 'objectGUID' ? new Uint8Array(Buffer.from(hex, 'hex')) : textOf(kind, hex),
];

export const hasIdentity = (kind: Kind, hex: string): Filter =>
  equals(kind, kind === 'objectGUID' ? Buffer.from(hex, 'hex') : textOf(kind, hex));
