import type { Cell } from '../../domain/cell.ts';
import { parsePath } from '../../domain/column-path.ts';
import type { StructuredRecord, WantedColumns } from '../package.ts';
import type { Entry } from './entry.ts';
import { splitName } from './names.ts';

/** Columns of the package's own, which are no attributes; one text each. */
export const ownColumns = ['dn', 'parentDn', 'rdn', 'primaryGroupSid'] as const;

const own: ReadonlyMap<string, (entry: Entry) => string | null> = new Map([
  ['dn', ({ dn }) => dn],
  ['parentdn', ({ dn }) => splitName(dn).parent],
  ['rdn', ({ dn }) => splitName(dn).rdn],
  ['primarygroupsid', primaryGroupSid],
]);

export const isOwn = (column: string): boolean => own.has(column.toLowerCase());

/** Attributes whose values are bytes, in small letters. */
const binary = new Set(
  [
    'objectGUID',
    'objectSid',
    'sIDHistory',
    'securityIdentifier',
    'mS-DS-ConsistencyGuid',
    'mS-DS-CreatorSID',
    'msExchMailboxGuid',
    'msExchArchiveGUID',
    'msExchMasterAccountSid',
    'msDS-GenerationId',
    'parentGUID',
    'invocationId',
    'schemaIDGUID',
    'attributeSecurityGUID',
    'tokenGroups',
    'tokenGroupsGlobalAndUniversal',
    'tokenGroupsNoGCAcceptable',
    'nTSecurityDescriptor',
    'logonHours',
    'replPropertyMetaData',
    'replUpToDateVector',
    'thumbnailPhoto',
    'thumbnailLogo',
    'jpegPhoto',
    'photo',
    'audio',
    'userCertificate',
    'userSMIMECertificate',
    'userPKCS12',
    'cACertificate',
    'crossCertificatePair',
    'certificateRevocationList',
    'authorityRevocationList',
    'deltaRevocationList',
    'x500UniqueIdentifier',
  ].map((name) => name.toLowerCase()),
);

const withoutOptions = (name: string) => name.split(';', 1)[0] ?? name;

/** @param more what settings add */
export function isBinaryBy(more: readonly string[]): (attribute: string) => boolean {
  const added = new Set(more.map((name) => name.toLowerCase()));
  return (attribute) => {
    const name = attribute.toLowerCase();
    return name.endsWith(';binary') || binary.has(withoutOptions(name)) || added.has(withoutOptions(name));
  };
}

/** The columns of a read, and what has to be asked for. */
export interface Columns {
  /** As the connector file writes them. */
  names: string[];
  sources: readonly CellSource[];
  /** Attributes to ask for; `1.1` if there are none (RFC 4511, 4.5.1.8). */
  ask: string[];
  /** Of the key and the identity: attributes that every entry should have. */
  needed: string[];
  /** Place of the column that holds the identity that the directory gives, if the mapping knows resources by it. */
  identity: number | undefined;
  recordOf: (entry: Entry) => StructuredRecord;
  /** A record with the identity alone. */
  identityOnly: (value: Cell) => StructuredRecord;
}

/**
 * @param wanted what is mapped; absent: `all`
 * @param binaryAttributes what settings add to those that are known
 * @param nativeIdentity the attribute that stays when an entry is renamed
 */
export function columnsOf(
  wanted: WantedColumns | undefined,
  all: readonly string[],
  binaryAttributes: readonly string[],
  nativeIdentity: string,
): Columns {
  const names = [...new Set((wanted?.columns ?? all).map(headOf))];
  const isNative = (column: string | undefined) => column?.toLowerCase() === nativeIdentity.toLowerCase();
  const known = wanted ? [wanted.identity, wanted.key.length === 1 ? wanted.key[0] : undefined] : [nativeIdentity];
  const identityName = known.find(isNative);
  for (const name of [...(wanted?.key ?? []), ...(wanted?.identity === undefined ? [] : [wanted.identity])].map(headOf))
    if (!names.includes(name)) names.push(name);
  const identity = identityName === undefined ? -1 : names.findIndex(isNative);
  const attributes = names.filter((name) => !isOwn(name));
  if (names.some((name) => name.toLowerCase() === 'primarygroupsid')) attributes.push('objectSid', 'primaryGroupID');
  const isBinary = isBinaryBy(binaryAttributes);
  const sources = names.map((name) => sourceOf(name, isBinary(name)));
  const readers = sources.map(readerOf);
  return {
    names,
    sources,
    ask: attributes.length === 0 ? ['1.1'] : distinct(attributes),
    needed: [...(wanted?.key ?? []), ...(wanted?.identity === undefined ? [] : [wanted.identity])]
      .map(headOf)
      .filter((name) => !isOwn(name)),
    identity: identity < 0 ? undefined : identity,
    recordOf: (entry) => ({ cells: readers.map((read) => read(entry)), position: entry.dn.slice(0, longestPosition) }),
    identityOnly: (value) => ({ cells: names.map((_, i) => (i === identity ? value : null)) }),
  };
}

export const longestPosition = 1000;

/** The attribute that a column or a path into it begins with. */
function headOf(column: string): string {
  if (/^\d+(\.\d+)+(;|$)/.test(column)) return column;
  const [first] = parsePath(column) ?? [];
  return first && 'member' in first ? first.member : column;
}

function distinct(names: readonly string[]): string[] {
  const seen = new Map(names.map((name) => [name.toLowerCase(), name]));
  return [...seen.values()];
}

/** Where the cells of a column come from. */
export type CellSource =
  | { own: (entry: Entry) => string | null }
  /** The first of these attributes that an entry has, in small letters. */
  | { attributes: readonly string[]; isBytes: boolean };

function sourceOf(name: string, isBytes: boolean): CellSource {
  const lower = name.toLowerCase();
  const ours = own.get(lower);
  if (ours) return { own: ours };
  // certificates come with this option, however they are asked for (RFC 4523, 2.1)
  return { attributes: isBytes ? [lower, `${lower};binary`] : [lower], isBytes };
}

function readerOf(source: CellSource): (entry: Entry) => Cell {
  if ('own' in source) return source.own;
  const [first = '', transferred = first] = source.attributes;
  return ({ attributes }) => valuesOf(attributes.get(first) ?? attributes.get(transferred) ?? [], source.isBytes);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Always a list. Bytes, if the attribute has bytes, or if a value is no text. */
function valuesOf(values: readonly Buffer[], isBytes: boolean): Cell[] {
  if (isBytes) return values.map((value) => new Uint8Array(value));
  try {
    return values.map((value) => strict.decode(value));
  } catch {
    return values.map((value) => new Uint8Array(value));
  }
}

/** The SID of the primary group: that of the domain with the number of the group (MS-ADTS 3.1.1.4.5.11). */
function primaryGroupSid(entry: Entry): string | null {
  const first = (name: string) => (entry.first ? entry.first(name) : entry.attributes.get(name)?.[0]);
  const sid = first('objectsid');
  const group = first('primarygroupid')?.toString('utf8');
  const count = sid?.[1] ?? 0;
  if (!sid || group === undefined || sid[0] !== 1 || count < 1 || sid.length !== 8 + 4 * count) return null;
  const parts = Array.from({ length: count - 1 }, (_, i) => String(sid.readUInt32LE(8 + 4 * i)));
  return ['S-1', String(sid.readUIntBE(2, 6)), ...parts, group].join('-');
}
