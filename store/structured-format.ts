import { decodeCell, encodeCells, type Cell } from '../domain/cell.ts';
import type { StoredRecord } from './part-format.ts';

/**
 * The format of parts whose cells have types: JSON Lines, one array a record: its number, its cells, and, if it has them,
 * its fault and its position. JSON has no exact numbers, no bytes, and loses the order of members, so such cells are objects that say what they are;
 * see domain/cell.ts. The columns stand in the manifest.
 */
export interface StructuredRecord extends Omit<StoredRecord, 'cells'> {
  cells: Cell[];
  /** Where people find it in the source, if its number does not say so. */
  position?: string;
}

/** What the records of a part are: the rows, or names of what the source no longer has, or of what it still has. */
export const structuredKinds = ['records', 'tombstones', 'present'] as const;
export type StructuredKind = (typeof structuredKinds)[number];

/** Some records of a part. */
export interface StoredBatch {
  source: string;
  columns: string[];
  records: StructuredRecord[];
  kind: StructuredKind;
}

/** Characters of one record, of at most three bytes each. */
export const longestRecord = 64 << 20;

/** @param line its number, in place of that of the record */
export function formatStructured({ cells, fault, position }: Omit<StructuredRecord, 'line'>, line: number): string {
  const encoded = encodeCells(cells);
  const text = JSON.stringify(
    position === undefined
      ? fault
        ? [line, encoded, fault]
        : [line, encoded]
      : [line, encoded, fault ?? null, position],
  );
  return text.length <= longestRecord ? text + '\n' : formatTooLong(line, position);
}

const formatTooLong = (line: number, position: string | undefined) =>
  JSON.stringify([line, [], tooLong, ...(position === undefined ? [] : [position])]) + '\n';

/** A record that is encoded already, of any length. */
export function formatEncoded(encoded: string, line: number): string {
  const text = `[${String(line)},${encoded}]`;
  if (text.length <= longestRecord) return text + '\n';
  const [, , position] = JSON.parse(`[${encoded}]`) as [unknown, null?, string?];
  return formatTooLong(line, position);
}

const tooLong = { code: 'field-too-long', message: 'The record is longer than 64 MiB.' } as const;

/** Reads a text of whole lines that `formatStructured` wrote. */
export function parseStructured(text: string): StructuredRecord[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map((each) => {
    const [line, cells, fault, position] = JSON.parse(each) as [
      number,
      unknown[],
      StructuredRecord['fault'] | null,
      string?,
    ];
    return {
      line,
      cells: cells.map(decodeCell),
      ...(fault ? { fault } : {}),
      ...(position === undefined ? {} : { position }),
    };
  });
}
