/** Keys of a connector file in the order in which people write them; the API answers them in another. */
const order = [
  ...['apiVersion', 'kind', 'name', 'displayName', 'active', 'users', 'thresholds', 'windows', 'review'],
  ...['connections', 'package', 'settings', 'secrets', 'source', 'connection', 'to', 'table', 'key', 'label', 'where'],
  ...['column', 'type', 'properties', 'navigationProperties', 'entityTypes'],
];

/** The same file with its keys in the order in which people write them, without parts that are empty. */
export function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const place = ([name]: [string, unknown]) => (order.includes(name) ? order.indexOf(name) : order.length);
  const isEmpty = (part: unknown) => typeof part === 'object' && part !== null && Object.keys(part).length === 0;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => !isEmpty(part))
      .sort((a, b) => place(a) - place(b))
      .map(([name, part]) => [name, ordered(part)]),
  );
}
