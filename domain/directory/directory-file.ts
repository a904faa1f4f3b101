import { z } from 'zod';
import { own } from '../chosen-names.ts';
import {
  connectorFileSchema,
  navigationSchema,
  entityTypeSchema,
  propertySchema,
  type ConnectorFile,
  type EntityTypeFile,
} from '../connector-file.ts';
import { lifecycleSchema } from './lifecycle.ts';

/** The file of the directory: entity types without a source, whose resources the mappings of all connectors make. */

export const directoryName = 'directory';
/** The property that is the key of every entity type of the directory. */
export const directoryKey = 'id';
/** Stands where entity types of connectors name a connection. */
const connection = 'mappings';

const withoutColumn = propertySchema.shape;
const property = z.strictObject({
  type: withoutColumn.type,
  multiValued: withoutColumn.multiValued,
  caseInsensitive: withoutColumn.caseInsensitive.describe(
    'Mappings that match the property compare it without regard to case',
  ),
  indexed: withoutColumn.indexed,
  displayName: withoutColumn.displayName,
});
const navigation = z.strictObject({
  to: navigationSchema.shape.to,
  multiValued: navigationSchema.shape.multiValued,
  thresholds: navigationSchema.shape.thresholds,
  watch: navigationSchema.shape.watch,
  displayName: navigationSchema.shape.displayName,
});

export const directoryFileSchema = z.strictObject({
  apiVersion: connectorFileSchema.shape.apiVersion,
  kind: z.literal('Directory'),
  name: z.literal(directoryName, `the name of a directory is ${directoryName}`),
  displayName: connectorFileSchema.shape.displayName,
  active: connectorFileSchema.shape.active,
  thresholds: connectorFileSchema.shape.thresholds,
  windows: connectorFileSchema.shape.windows,
  review: connectorFileSchema.shape.review,
  entityTypes: z.array(
    z.strictObject({
      name: entityTypeSchema.shape.name,
      displayName: entityTypeSchema.shape.displayName,
      users: entityTypeSchema.shape.users,
      key: z.literal('generated', 'key must be generated: the directory makes the keys of its resources'),
      label: entityTypeSchema.shape.label,
      thresholds: entityTypeSchema.shape.thresholds,
      watch: entityTypeSchema.shape.watch,
      lifecycle: lifecycleSchema
        .optional()
        .describe('What becomes of a resource that no source says is there any longer; absent: it stays as it is'),
      properties: z
        .record(z.string().min(1).max(128), property)
        .refine((properties) => !Object.hasOwn(properties, directoryKey), {
          path: [directoryKey],
          error: `${directoryKey} is the key of every entity type of the directory. Leave it out.`,
        }),
      navigationProperties: z.record(z.string().min(1).max(128), navigation).default({}),
    }),
  ),
});

export type DirectoryFile = z.infer<typeof directoryFileSchema>;

export const isDirectory = ({ kind }: Pick<ConnectorFile, 'kind'>): boolean => kind === 'Directory';

/** The file in the form of a connector file: its key is a property, and what mappings make of it is its table. */
export function asConnectorFile({ entityTypes, ...file }: DirectoryFile): ConnectorFile {
  const lifecycles = Object.fromEntries(
    entityTypes.flatMap(({ name, lifecycle }) => (lifecycle ? [[name, lifecycle]] : [])),
  );
  return {
    ...file,
    connections: [],
    entityTypes: entityTypes.map(asEntityType),
    ...(Object.keys(lifecycles).length > 0 ? { lifecycles } : {}),
  };
}

function asEntityType(type: DirectoryFile['entityTypes'][number]): EntityTypeFile {
  const { name, displayName, users, label, thresholds, watch, properties, navigationProperties } = type;
  return {
    name,
    ...given({ displayName, users, label, thresholds, watch }),
    source: { connection, table: name },
    key: [directoryKey],
    properties: {
      [directoryKey]: { column: directoryKey, type: 'string', multiValued: false, caseInsensitive: false },
      ...renamed(properties, (each, column) => ({ ...each, column })),
    },
    navigationProperties: renamed(navigationProperties, (each, column) => ({ ...each, column })),
  };
}

/** The file as a person wrote it. */
export function asDirectoryFile({
  connections: _none,
  mappings: _never,
  lifecycles = {},
  entityTypes,
  ...file
}: ConnectorFile) {
  return {
    ...file,
    entityTypes: entityTypes.map(({ source: _source, key: _key, properties, navigationProperties, ...type }) => {
      const { [directoryKey]: _id, ...named } = properties;
      return {
        ...type,
        key: 'generated' as const,
        ...given({ lifecycle: own(lifecycles, type.name) }),
        properties: renamed(named, ({ column: _column, ...each }) => each),
        navigationProperties: renamed(navigationProperties, ({ column: _column, ...each }) => each),
      };
    }),
  };
}

/** As whoever wrote a file of either kind knows it. */
export const shownFile = (file: ConnectorFile) => (isDirectory(file) ? asDirectoryFile(file) : file);

const renamed = <From, To>(record: Readonly<Record<string, From>>, make: (each: From, name: string) => To) =>
  Object.fromEntries(Object.entries(record).map(([name, each]) => [name, make(each, name)]));

/** Without the fields that are left out. */
const given = <Of extends object>(fields: Of): Of =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Of;
