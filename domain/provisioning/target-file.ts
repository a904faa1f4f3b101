import type { ConnectorFile, EntityTypeFile, PropertyFile } from '../connector-file.ts';
import type { ProfileFile, ProvisioningFile } from './profile-schema.ts';
import { targetName } from './target.ts';

/** The file of the connector that keeps the app profiles, made from the file that has `provisioning`. */

/** The property that is the key of every profile: the key of its resource in the directory. */
export const profileKey = 'id';
/** The navigation property of profiles of groups. */
export const membersLink = 'members';

export const isTarget = ({ kind }: Pick<ConnectorFile, 'kind'>): boolean => kind === 'Provisioning';

/** @param typesOf the properties of an entity type of the directory, as far as it is known */
export function targetFile(
  { apiVersion, name, displayName, active, review, connections }: ConnectorFile,
  provisioning: ProvisioningFile,
  typesOf: (entityType: string) => ReadonlyMap<string, Pick<PropertyFile, 'type' | 'multiValued'>>,
): ConnectorFile {
  return {
    apiVersion,
    kind: 'Provisioning',
    name: targetName(name),
    displayName: displayName ?? name,
    active: active && provisioning.enabled,
    thresholds: provisioning.thresholds,
    ...(provisioning.windows ? { windows: provisioning.windows } : {}),
    ...(review ? { review } : {}),
    connections: connections.filter((each) => each.name === provisioning.connection),
    entityTypes: provisioning.profiles.map((profile) => asEntityType(profile, typesOf(profile.from))),
    provisioning,
  };
}

function asEntityType(
  profile: ProfileFile,
  from: ReadonlyMap<string, Pick<PropertyFile, 'type' | 'multiValued'>>,
): EntityTypeFile {
  const text = { type: 'string', multiValued: false, caseInsensitive: false } as const;
  const [label] = Object.keys(profile.match[0] ?? {});
  return {
    name: profile.name,
    ...(profile.displayName === undefined ? {} : { displayName: profile.displayName }),
    ...(profile.thresholds ? { thresholds: profile.thresholds } : {}),
    source: { connection: 'directory', table: profile.name },
    key: [profileKey],
    ...(label === undefined ? {} : { label }),
    properties: {
      [profileKey]: { ...text, column: profileKey },
      ...Object.fromEntries(
        Object.entries(profile.attributes).map(([attribute, { property, value }]) => {
          const { type = 'string', multiValued = Array.isArray(value) } =
            property === undefined ? {} : (from.get(property) ?? {});
          return [attribute, { ...text, type, multiValued, column: attribute }];
        }),
      ),
    },
    navigationProperties: profile.members
      ? { [membersLink]: { to: profile.members.profiles[0] ?? '', column: membersLink, multiValued: true } }
      : {},
  };
}
