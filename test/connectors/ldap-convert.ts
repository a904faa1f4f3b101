import type { Cell } from '../../domain/cell.ts';
import { guid, sid } from '../../domain/format/identifiers.ts';

const first = (cell: Cell | undefined): Cell =>
  Array.isArray(cell) ? ((cell as readonly Cell[])[0] ?? null) : (cell ?? null);
const text = (cell: Cell | undefined): string => {
  const value = first(cell);
  return typeof value === 'string' ? value : '';
};
const base64 = (cell: Cell | undefined): string => {
  const value = first(cell);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : '';
};

/** Cells of `sAMAccountName`, `displayName`, `dn`, `objectGUID`, `primaryGroupSid` and `objectSid`, as formats make them. */
export function convert([name, , dn, identity, primaryGroup, own]: readonly Cell[]) {
  return {
    name: text(name),
    dn: text(dn),
    guid: guid(base64(identity)),
    primaryGroup: text(primaryGroup),
    sid: first(own) === null ? '' : sid(base64(own)),
  };
}
