import type { Duplex } from 'node:stream';

/** What takes the rows of a statement: the content of each message DataRow, good for the call only. */
export interface RowTaker {
  take(content: Buffer, start: number, end: number): void;
}

const dataRow = 0x44;
/** One byte for the kind of a message, four for its length, which counts itself. */
const headBytes = 5;

/**
 * Stands between the connection and the driver, which makes a text of each cell and a list of each row. While `to` is set, rows go
 * there as the bytes that came; the driver sees all other messages. To be called between two statements.
 */
export function tapRows(stream: Duplex): { to: RowTaker | undefined } {
  const tap: { to: RowTaker | undefined } = { to: undefined };
  const [driver, ...others] = stream.listeners('data') as ((data: Buffer) => void)[];
  if (!driver || others.length > 0) throw new Error('pg listens to its connection in another way than it did');
  stream.removeListener('data', driver);
  let rest: Buffer[] = [];
  let length = 0;
  /** Until the first message of the rest is whole. */
  let wanted = headBytes;
  stream.on('data', (data: Buffer) => {
    rest.push(data);
    length += data.length;
    if (length < wanted) return;
    const all = rest.length === 1 ? data : Buffer.concat(rest, length);
    let at = 0;
    /** Where messages begin that the driver has not seen. */
    let unseen = 0;
    for (;;) {
      wanted = headBytes;
      if (at + headBytes > all.length) break;
      wanted = 1 + all.readUInt32BE(at + 1);
      if (at + wanted > all.length) break;
      const end = at + wanted;
      if (tap.to && all[at] === dataRow) {
        if (unseen < at) driver(all.subarray(unseen, at));
        tap.to.take(all, at + headBytes, end);
        unseen = end;
      }
      at = end;
    }
    if (unseen < at) driver(all.subarray(unseen, at));
    rest = at < all.length ? [all.subarray(at)] : [];
    length = all.length - at;
  });
  return tap;
}
