import type { ExplainedCondition } from './condition.ts';

/** A part of a resource whose texts are compared: of its key, of a property, or of all that is not its key. */
export type Part =
  | { of: 'property'; property: string }
  /** What follows the @ of a mail address. */
  | { of: 'domain'; property: string }
  | { of: 'key' }
  /** The key up to its first separator or digit. */
  | { of: 'key-prefix' }
  /** A distinguished name without its first part. */
  | { of: 'key-parent' }
  /** The key in lower case, without white space and leading zeros. */
  | { of: 'bare-key' }
  /** All properties but these. */
  | { of: 'rest'; but: string[] };

/** The part as text; null where a resource has none. */
export function partSql(part: Part, { attributes, key }: { attributes: string; key: string }): ExplainedCondition {
  switch (part.of) {
    case 'property':
      return { sql: `${attributes} ->> ?`, bindings: [part.property] };
    case 'domain':
      return { sql: `substring(${attributes} ->> ? from '@([^@]+)$')`, bindings: [part.property] };
    case 'key':
      return { sql: key, bindings: [] };
    case 'key-prefix':
      return { sql: `substring(${key} from '^([^-_./:,0-9]+[-_./:]|[^-_./:,0-9]+(\\?=[0-9]))')`, bindings: [] };
    case 'key-parent':
      return { sql: `substring(${key} from '^[^,=]+=[^,]*,(.*)$')`, bindings: [] };
    case 'bare-key':
      return { sql: bareKey(key), bindings: [] };
    case 'rest':
      return { sql: `nullif(${attributes} - ?::text[], '{}')::text`, bindings: [part.but] };
  }
}

/** Equal for keys that differ only in letter case, white space, separators and leading zeros of their numbers. */
export const bareKey = (key: string): string =>
  `regexp_replace(lower(regexp_replace(${key}, '[[:space:]_.:/-]', '', 'g')), '(^|[^0-9])0+(\\?=[0-9])', '\\1', 'g')`;
