import { decodeRecords, type EncodedRecords } from '../domain/encoded-records.ts';
import type { ReadEvent, StructuredRecord } from './package.ts';

/** A batch of records that are encoded already. Only who asks for `records` has them made. */
export function encodedBatch(encoded: EncodedRecords): ReadEvent {
  let made: StructuredRecord[] | undefined;
  return {
    kind: 'structured',
    encoded,
    get records() {
      return (made ??= decodeRecords(encoded));
    },
    resume: '',
  };
}
