/** What a connector file has, for a person who is about to make a connector of it. */
export interface FileParts {
  name: string;
  displayName: string;
  /** `postgres (sql)` */
  connections: string[];
  types: { name: string; table: string; key: string[]; properties: number; links: string[] }[];
  /** Limits that the file sets itself. */
  limits: string[];
}

type Part = Record<string, unknown>;

const part = (value: unknown): Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {};
const parts = (value: unknown): Part[] => (Array.isArray(value) ? value.map(part) : []);
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** @param file as YAML or JSON was read; the API has found it valid */
export function partsOf(file: unknown): FileParts {
  const of = part(file);
  const name = text(of['name']);
  return {
    name,
    displayName: text(of['displayName']) || name,
    connections: parts(of['connections']).map((each) => `${text(each['name'])} (${text(each['package'])})`),
    types: parts(of['entityTypes']).map((each) => ({
      name: text(each['name']),
      table: text(part(each['source'])['table']),
      key: [each['key'] ?? []].flat().map(text),
      properties: Object.keys(part(each['properties'])).length,
      links: Object.entries(part(each['navigationProperties'])).map(
        ([link, to]) => `${link} → ${[part(to)['to'] ?? []].flat().map(text).join(', ')}`,
      ),
    })),
    limits: Object.entries(part(of['thresholds'])).map(([limit, value]) => `${limit}: ${text(value)}`),
  };
}
