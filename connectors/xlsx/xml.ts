import { SaxesParser } from 'saxes';
import { SyncError } from '../../domain/errors.ts';
import { broken } from '../archive.ts';

export interface Listener {
  open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

/**
 * Reads a part. Names come without their prefix. A part that defines entities or has a document type is refused.
 * @yields after each piece of the part, when the listener has heard all of it
 */
export async function* readXml(
  bytes: AsyncIterable<Buffer>,
  file: string,
  part: string,
  listener: Listener,
): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false });
  const decoder = new Map<string, InstanceType<typeof TextDecoder>>();
  parser.on('doctype', () => {
    throw broken(file, `the part ${part} has a document type, which may hide anything`);
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => listener.open?.(local(name), attributes));
  parser.on('closetag', ({ name }) => listener.close?.(local(name)));
  parser.on('text', (text) => listener.text?.(text));
  parser.on('cdata', (text) => listener.text?.(text));
  try {
    for await (const chunk of bytes) {
      const reader = decoder.get('') ?? new TextDecoder(encodingOf(chunk), { fatal: true });
      decoder.set('', reader);
      parser.write(reader.decode(chunk, { stream: true }));
      yield;
    }
    parser.write(decoder.get('')?.decode() ?? '');
    parser.close();
    yield;
  } catch (error) {
    throw error instanceof SyncError ? error : broken(file, `the part ${part} is no XML that can be read`, error);
  }
}

/** Reads a part to its end. */
export async function readWhole(...of: Parameters<typeof readXml>): Promise<void> {
  const pieces = readXml(...of);
  while ((await pieces.next()).done !== true);
}

export const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** An attribute by its name without prefix. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  const found = attributes[name];
  if (found !== undefined) return found;
  for (const [key, value] of Object.entries(attributes)) if (local(key) === name) return value;
  return undefined;
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
