/**
 * How far a listener has come: with the hints, and with the events of each sync that it follows. It is the id of an event:
 * `<hints>`, or `<hints>~<number>,<number>` with the last event of each sync, in the order of the request.
 */
export interface EventPlace {
  hints: string;
  /** 0: none of them yet. */
  syncs: number[];
}

export const writePlace = ({ hints, syncs }: EventPlace): string =>
  syncs.length === 0 ? hints : `${hints}~${syncs.join(',')}`;

/** Reads an id back. What does not fit the number of syncs begins with the first event of each. */
export function readPlace(id: string, syncs: number): EventPlace {
  const [hints = '', rest = ''] = id.split('~');
  const numbers = rest.split(',');
  const fits = numbers.length === syncs && numbers.every((each) => /^\d{1,15}$/.test(each));
  return { hints, syncs: fits ? numbers.map(Number) : Array.from({ length: syncs }, () => 0) };
}
