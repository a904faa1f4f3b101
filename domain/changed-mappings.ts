import {
  targetsOf,
  type ConnectorFile,
  type EntityTypeFile,
  type NavigationFile,
  type PropertyFile,
} from './connector-file.ts';

/** A part of an entity type that differs between two connector files, and what of its change set it can explain. */
export interface ChangedMapping {
  entityType: string;
  /** A property, or a navigation property. */
  property?: string;
  /** Names of what differs, as the connector file has them. */
  parts: string[];
  effect: 'property' | 'rows' | 'links' | 'everything';
}

/** The settings of a package that only say how and when its source is read. */
export type ReadingSettings = (name: string) => readonly string[];

/** What differs in how rows become resources and links. A type or property that only one of the files has is new or retired. */
export function changedMappings(
  before: ConnectorFile,
  now: ConnectorFile,
  readingSettings: ReadingSettings,
): ChangedMapping[] {
  return now.entityTypes.flatMap((type) => {
    const earlier = before.entityTypes.find(({ name }) => name === type.name);
    return earlier ? changedType([before, earlier], [now, type], readingSettings) : [];
  });
}

function changedType(
  [before, earlier]: [ConnectorFile, EntityTypeFile],
  [now, type]: [ConnectorFile, EntityTypeFile],
  readingSettings: ReadingSettings,
): ChangedMapping[] {
  const settingsOf = (file: ConnectorFile, connection: string) => rowSettings(file, connection, readingSettings);
  const entityType = type.name;
  const changed: ChangedMapping[] = [];
  const rows = differing({ where: earlier.source.where }, { where: type.source.where });
  const source = [
    ...differing(
      { ...sourceOf(earlier), ...settingsOf(before, earlier.source.connection) },
      { ...sourceOf(type), ...settingsOf(now, type.source.connection) },
    ),
    ...differing({ key: earlier.key }, { key: type.key }),
  ];
  for (const name of type.key) {
    const key = differing(partsOf(earlier.properties[name]), partsOf(type.properties[name]));
    if (key.length > 0) source.push(...key.map((part) => `${name}.${part}`));
  }
  if (source.length > 0) changed.push({ entityType, parts: [...source, ...rows], effect: 'everything' });
  else if (rows.length > 0) changed.push({ entityType, parts: rows, effect: 'rows' });
  for (const [property, file] of Object.entries(type.properties)) {
    if (type.key.includes(property)) continue;
    const known = earlier.properties[property];
    const parts = known ? differing(partsOf(known), partsOf(file)) : ['property'];
    if (parts.length > 0) changed.push({ entityType, property, parts, effect: 'property' });
  }
  for (const [property, navigation] of Object.entries(type.navigationProperties)) {
    const known = earlier.navigationProperties[property];
    const parts = known
      ? [
          ...differing(linkPartsOf(known), linkPartsOf(navigation)),
          ...differing(settingsOf(before, known.connection ?? ''), settingsOf(now, navigation.connection ?? '')),
        ]
      : ['navigation property'];
    if (parts.length > 0) changed.push({ entityType, property, parts, effect: 'links' });
  }
  return changed;
}

const sourceOf = ({ source: { connection, table } }: EntityTypeFile) => ({ connection, table });

/** Settings of a connection, without those that only say how and when it is read. */
function rowSettings(file: ConnectorFile, name: string, readingSettings: ReadingSettings): Record<string, unknown> {
  const connection = file.connections.find((each) => each.name === name);
  const left = connection ? readingSettings(connection.package) : [];
  return Object.fromEntries(
    Object.entries(connection?.settings ?? {})
      .filter(([setting]) => !left.includes(setting))
      .map(([setting, value]) => [`settings.${setting}`, value]),
  );
}

const partsOf = (property: PropertyFile | undefined): Record<string, unknown> => {
  const { displayName: _displayName, ...parts } = property ?? {};
  return parts;
};

const linkPartsOf = (navigation: NavigationFile): Record<string, unknown> => {
  const { by, table, column, sourceColumn, targetColumn, where } = navigation;
  return { to: targetsOf(navigation), by, table, column, sourceColumn, targetColumn, where };
};

/** Names of the parts in which two differ. */
function differing(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name])).sort();
}
