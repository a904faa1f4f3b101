import { own } from '../chosen-names.ts';
import type { ConnectorFile, EntityTypeFile } from '../connector-file.ts';
import { lifecycleWatch } from './lifecycle.ts';
import type { MappingFile } from './mapping-schema.ts';

/** A mapping with its connector. */
export interface Rule {
  connector: string;
  from: EntityTypeFile;
  mapping: MappingFile;
}

/** The rules of all files in use, in the order in which they find joins: those that create first, so that others find it. */
export const rulesOf = (files: readonly ConnectorFile[]): Rule[] =>
  files
    .flatMap((file) =>
      (file.mappings ?? []).flatMap((mapping) => {
        const from = file.entityTypes.find(({ name }) => name === mapping.from);
        return from ? [{ connector: file.name, from, mapping }] : [];
      }),
    )
    .sort(
      (a, b) =>
        Number(b.mapping.create) - Number(a.mapping.create) ||
        a.mapping.priority - b.mapping.priority ||
        (a.mapping.from < b.mapping.from ? -1 : 1),
    );

/** The name of the entity type that holds the joins of a mapping. */
export const joinTypeName = ({ mapping: { from, to } }: Pick<Rule, 'mapping'>): string => `${from}->${to}`;

/** No connector file can have an entity type of such a name. */
export const isJoinType = (name: string): boolean => name.includes('->');

/** Joins as an entity type: the key is that of the source; `source` its number, `directory` the key of what it is joined to. */
export function joinTypeOf(rule: Rule): EntityTypeFile {
  const name = joinTypeName(rule);
  const text = { type: 'string', multiValued: false, caseInsensitive: false } as const;
  return {
    name,
    source: { connection: 'mappings', table: name },
    key: ['key'],
    label: 'directory',
    properties: {
      key: { ...text, column: 'key' },
      source: { ...text, column: 'source' },
      directory: { ...text, column: 'directory', indexed: true },
      // the place of the rule that found it, or `created`
      rule: { ...text, column: 'rule' },
    },
    navigationProperties: {},
  };
}

/** The file of the directory as its mappings are synchronised: with the joins of all rules. */
export const withJoinTypes = (directory: ConnectorFile, rules: readonly Rule[]): ConnectorFile => ({
  ...directory,
  entityTypes: [...directory.entityTypes.map((type) => watched(directory, type)), ...rules.map(joinTypeOf)],
});

/** With the watch of its lifecycle. */
function watched({ lifecycles = {}, thresholds }: ConnectorFile, type: EntityTypeFile): EntityTypeFile {
  const lifecycle = own(lifecycles, type.name);
  if (!lifecycle) return type;
  return { ...type, watch: [...(type.watch ?? []), lifecycleWatch(lifecycle, { ...thresholds, ...type.thresholds })] };
}
