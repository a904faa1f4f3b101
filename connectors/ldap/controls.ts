import { BerWriter, Control, type Filter } from 'ldapts';
import { BerParts, berTags, noMessage } from './ber.ts';

const { enumeration, octets, sequence, set } = berTags;

/** Controls of requests, and the values that come back. */

export const oids = {
  paged: '1.2.840.113556.1.4.319',
  domainScope: '1.2.840.113556.1.4.1339',
  showDeleted: '1.2.840.113556.1.4.417',
  dirSync: '1.2.840.113556.1.4.841',
  syncRequest: '1.3.6.1.4.1.4203.1.9.1.1',
  syncState: '1.3.6.1.4.1.4203.1.9.1.2',
  syncDone: '1.3.6.1.4.1.4203.1.9.1.3',
  syncInfo: '1.3.6.1.4.1.4203.1.9.1.4',
  assertion: '1.3.6.1.1.12',
  permissiveModify: '1.2.840.113556.1.4.1413',
  passwordPolicy: '1.3.6.1.4.1.42.2.27.8.5.1',
} as const;

class WithValue extends Control {
  readonly #write: ((writer: BerWriter) => void) | undefined;

  constructor(type: string, write?: (writer: BerWriter) => void) {
    super(type, { critical: true });
    this.#write = write;
  }

  override writeControl(writer: BerWriter): void {
    if (!this.#write) return;
    const value = new BerWriter();
    value.startSequence();
    this.#write(value);
    value.endSequence();
    writer.writeBuffer(value.buffer, 0x04);
  }
}

/** RFC 2696 */
export const paged = (size: number, cookie: Buffer): Control =>
  new WithValue(oids.paged, (writer) => {
    writer.writeInt(size);
    writer.writeBuffer(cookie, 0x04);
  });

/** An empty cookie ends the list, so one that is cut or missing must not look like it. @throws SyncError `bad-body` */
export function readPaged(value: Buffer): { estimate: number; cookie: Buffer } {
  const parts = new BerParts(value, sequence);
  return { estimate: parts.number(), cookie: parts.take(octets) };
}

/** MS-ADTS 3.1.1.3.4.1: no references to other domains; deleted entries, too. */
export const domainScope = (): Control => new WithValue(oids.domainScope);
export const showDeleted = (): Control => new WithValue(oids.showDeleted);

/** MS-ADTS 3.1.1.3.4.1.3. Without flags: whole values, for readers that may replicate. */
export const dirSync = (cookie: Buffer): Control =>
  new WithValue(oids.dirSync, (writer) => {
    writer.writeInt(0);
    writer.writeInt(0x7fffffff);
    writer.writeBuffer(cookie, 0x04);
  });

export function readDirSync(value: Buffer): { more: boolean; cookie: Buffer } {
  const parts = new BerParts(value, sequence);
  const more = parts.number() !== 0;
  parts.number();
  return { more, cookie: parts.take(octets) };
}

/** RFC 4528: the change is made only if the entry is accepted by the filter. */
class Assertion extends Control {
  readonly #filter: Filter;

  constructor(filter: Filter) {
    super(oids.assertion, { critical: true });
    this.#filter = filter;
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    this.#filter.write(value);
    writer.writeBuffer(value.buffer, 0x04);
  }
}
export const assertion = (filter: Filter): Control => new Assertion(filter);

/** MS-ADTS 3.1.1.3.4.1.8: to add a value that is there, or to remove one that is not, is success. */
export const permissiveModify = (): Control => new WithValue(oids.permissiveModify);

/** RFC 4533, 2.2: refreshOnly */
export const syncRequest = (cookie: Buffer | undefined): Control =>
  new WithValue(oids.syncRequest, (writer) => {
    writer.writeEnumeration(1);
    if (cookie) writer.writeBuffer(cookie, 0x04);
  });

export const syncStates = ['present', 'add', 'modify', 'delete'] as const;

/** RFC 4533, 2.3 */
export function readSyncState(value: Buffer): { state: (typeof syncStates)[number]; uuid: Buffer } {
  const parts = new BerParts(value, sequence);
  const state = syncStates[parts.number(enumeration)];
  const uuid = parts.take(octets);
  if (state === undefined || uuid.length !== 16) throw noMessage();
  return { state, uuid };
}

/** RFC 4533, 2.4 */
export function readSyncDone(value: Buffer): { cookie: Buffer | undefined; refreshDeletes: boolean } {
  const parts = new BerParts(value, sequence);
  return { cookie: parts.takeIf(octets), refreshDeletes: parts.flag() };
}

export type SyncInfo =
  | { kind: 'cookie'; cookie: Buffer }
  /** The phase that ends here named what is gone, or what is there. */
  | { kind: 'phase'; of: 'delete' | 'present'; cookie: Buffer | undefined }
  | { kind: 'ids'; gone: boolean; uuids: Buffer[]; cookie: Buffer | undefined };

/** RFC 4533, 2.5. @param content of an Intermediate Response (RFC 4511, 4.13) @returns undefined if it is another message */
export function readSyncInfo(content: Buffer): SyncInfo | undefined {
  const outer = new BerParts(content);
  if (outer.takeIf(0x80)?.toString('latin1') !== oids.syncInfo || outer.next !== 0x81) return undefined;
  const value = outer.take(0x81);
  const tag = value[0];
  if (tag === 0x80) return { kind: 'cookie', cookie: new BerParts(value).take(0x80) };
  if (tag !== 0xa1 && tag !== 0xa2 && tag !== 0xa3) throw noMessage();
  const parts = new BerParts(value, tag);
  const cookie = parts.takeIf(octets);
  if (tag !== 0xa3) return { kind: 'phase', of: tag === 0xa1 ? 'delete' : 'present', cookie };
  const gone = parts.flag();
  const ids = new BerParts(parts.take(set));
  const uuids: Buffer[] = [];
  while (ids.next !== undefined) uuids.push(ids.take(octets));
  if (uuids.some(({ length }) => length !== 16)) throw noMessage();
  return { kind: 'ids', gone, uuids, cookie };
}
