import { atFirst, isSnapshot, type EventPlace } from '../repository/event-places.ts';

/**
 * How far a listener has come: with the hints, and with the events of each sync that it follows. It is the id of an event:
 * `<hints>`, or `<hints>~<place>,<place>` with the place in the events of each sync, in the order of the request.
 */
export interface StreamPlace {
  hints: string;
  syncs: EventPlace[];
}

export const writePlace = ({ hints, syncs }: StreamPlace): string =>
  syncs.length === 0 ? hints : `${hints}~${syncs.map(writeEventPlace).join(',')}`;

/** Reads an id back. What does not fit the number of syncs begins with the first event of each. */
export function readPlace(id: string, syncs: number): StreamPlace {
  const [hints = '', rest = ''] = id.split('~');
  const places = rest.split(',').map(readEventPlace);
  const fits = places.length === syncs && places.every((place) => place !== undefined);
  return { hints, syncs: fits ? places : Array.from({ length: syncs }, () => atFirst) };
}

/** A place in the events of one sync as a text: `<number>-<xmin>-<xmax>-<xip>…`; the number alone where no snapshot is known. */
export const writeEventPlace = ({ seq, snapshot }: EventPlace): string =>
  snapshot === null ? String(seq) : [seq, ...snapshot.split(/[:,]/).filter((part) => part !== '')].join('-');

/** @returns undefined if this is no such text */
export function readEventPlace(text: string): EventPlace | undefined {
  const [, seq = '', xmin, xmax, running = ''] = /^(\d{1,15})(?:-(\d+)-(\d+)((?:-\d+)*))?$/.exec(text) ?? [];
  if (seq === '') return undefined;
  if (xmin === undefined || xmax === undefined) return { seq: Number(seq), snapshot: null };
  const snapshot = `${xmin}:${xmax}:${running.slice(1).replaceAll('-', ',')}`;
  return isSnapshot(snapshot) ? { seq: Number(seq), snapshot } : undefined;
}
