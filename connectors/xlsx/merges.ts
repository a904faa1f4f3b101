import type { Archive } from '../archive.ts';
import { attribute, readWhole } from './xml.ts';

interface Area {
  top: number;
  bottom: number;
  left: number;
  right: number;
  /** Whether its first cell has a value, once that cell was read. */
  filled: boolean;
}

/** The merged cells of a sheet. */
export interface Merges {
  /** The merges that a row has a part in; undefined if there are none. Rows have to be asked for in their order. */
  inRow(row: number): MergesInRow | undefined;
}

export interface MergesInRow {
  /** Whether a cell lies under a merge, and is not its first. */
  covers(column: number): boolean;
  /** The same, where the first cell has a value: the others miss it. */
  hides(column: number): boolean;
  /** To be told of each cell with a value. */
  found(column: number): void;
}

const tag = Buffer.from('mergeCell');

/** Merges stand behind the rows that they are about, so the part is searched for them first. */
export async function findMerges(archive: Archive, file: string, part: string): Promise<Merges> {
  const areas: Area[] = [];
  if (await mentions(archive, part))
    await readWhole(archive.open(part), file, part, {
      open(name, attributes) {
        if (name !== 'mergeCell') return;
        const [from = '', to = from] = (attribute(attributes, 'ref') ?? '').split(':');
        areas.push({ top: rowOf(from), bottom: rowOf(to), left: columnOf(from), right: columnOf(to), filled: false });
      },
    });
  areas.sort((a, b) => a.top - b.top);
  let next = 0;
  let active: Area[] = [];
  return {
    inRow(row) {
      active = active.filter(({ bottom }) => bottom >= row);
      for (let area = areas[next]; area && area.top <= row; area = areas[++next])
        if (area.bottom >= row) active.push(area);
      if (active.length === 0) return undefined;
      const here = active;
      const isFirst = ({ top, left }: Area, column: number) => row === top && column === left;
      const over = (column: number) =>
        here.filter((area) => column >= area.left && column <= area.right && !isFirst(area, column));
      return {
        covers: (column) => over(column).length > 0,
        hides: (column) => over(column).some(({ filled }) => filled),
        found(column) {
          for (const area of here) if (isFirst(area, column)) area.filled = true;
        },
      };
    },
  };
}

async function mentions(archive: Archive, part: string): Promise<boolean> {
  let rest = Buffer.alloc(0);
  for await (const chunk of archive.open(part)) {
    const all = Buffer.concat([rest, chunk]);
    // in UTF-16, nothing is found by its bytes
    if (all.includes(tag) || all[0] === 0xff || all[0] === 0xfe) return true;
    rest = Buffer.from(all.subarray(-tag.length));
  }
  return false;
}

const rowOf = (place: string) => Number(/\d+$/.exec(place)?.[0] ?? 0);

/** `AB12` is in column 27. */
export function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}(?=\d)/i.exec(place)?.[0].toUpperCase() ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
