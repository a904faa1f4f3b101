import { keyFromPath } from '../domain/key.ts';
import { textFaults } from '../domain/text-faults.ts';
import { invalid } from './problems.ts';

/** A key given as a filter: as in a path, or as a JSON array of strings. */
export function readKey(text: string): string[] {
  let key: string[] | undefined;
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      key = Array.isArray(parsed) && parsed.every((part) => typeof part === 'string') ? parsed : undefined;
    } catch {
      key = undefined;
    }
  } else key = keyFromPath(text);
  if (!key || textFaults(key).length > 0)
    throw invalid('/key', 'key is neither the form of a path (parts joined by a comma) nor a JSON array of strings.');
  return key;
}
