import type { PlainLines } from '../package.ts';
import type { FileEvent } from './read.ts';
import type { CsvSettings } from './settings.ts';

/** The lines of an event without the first few. */
export function linesBehind(event: FileEvent & { kind: 'lines' }, skip: number, settings: CsvSettings): PlainLines {
  const { delimiter, quote } = settings;
  const left = Math.max(0, Math.min(skip, event.rows));
  let at = 0;
  for (let n = 0; n < left; n++) at = event.text.indexOf(0x0a, at) + 1;
  return {
    text: event.text.subarray(at),
    rows: event.rows - left,
    firstLine: event.firstLine + left,
    delimiter,
    quote,
  };
}
