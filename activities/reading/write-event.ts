import type { ReadEvent } from '../../connectors/package.ts';
import type { TableWriter } from '../../store/export-store.ts';

/** Writes a batch of a read to the export. @returns whether a part was closed */
export function writeEvent(
  target: TableWriter,
  { source, columns }: { source: string; columns: string[] },
  event: Extract<ReadEvent, { resume: string }>,
): Promise<boolean> {
  switch (event.kind) {
    case 'lines':
      return target.writeLines(source, columns, event.lines);
    case 'records':
      return target.write(source, columns, event.records);
    case 'structured':
      if (event.encoded) return target.writeEncoded(source, columns, event.encoded);
      return target.writeStructured(source, columns, 'records', event.records);
    case 'tombstones':
      return target.writeStructured(source, columns, 'tombstones', event.records);
    case 'present':
      return target.writeStructured(source, columns, 'present', event.records);
  }
}
