import { stringify } from 'yaml';

/** Fields that come first, so that a connector file reads as people write it. */
const first = [
  'apiVersion',
  'kind',
  'name',
  'displayName',
  'active',
  'source',
  'key',
  'label',
  'connection',
  'package',
];

const rank = (name: string) => {
  const at = first.indexOf(name);
  return at < 0 ? first.length : at;
};

/** YAML with its fields in a fixed order, so that two files can be compared line by line. */
export const sortedYaml = (value: unknown): string =>
  stringify(value, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    sortMapEntries: (a, b) => {
      const [left, right] = [String(a.key), String(b.key)];
      return rank(left) - rank(right) || (left < right ? -1 : 1);
    },
  });
