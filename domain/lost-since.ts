import { own } from './chosen-names.ts';
import { targetsOf, type ConnectorFile, type EntityTypeFile } from './connector-file.ts';

/** What of the changes of earlier syncs has no place any more in the revision that is in use. */

/** Whether an entity type that the earlier revisions had is retired, or has another key, since then. */
export function isTypeLost(earlier: readonly ConnectorFile[], file: ConnectorFile, name: string): boolean {
  const now = typeIn(file, name);
  return earlier.some((each) => {
    const then = typeIn(each, name);
    return then !== undefined && (now === undefined || now.key.join() !== then.key.join());
  });
}

/** Names of the properties that the earlier revisions had, and that are retired or of another type since then. */
export function lostProperties(earlier: readonly ConnectorFile[], file: ConnectorFile, name: string): string[] {
  const now = typeIn(file, name);
  const lost = earlier.flatMap((each) =>
    Object.entries(typeIn(each, name)?.properties ?? {}).filter(([property, then]) => {
      const kept = now && own(now.properties, property);
      return kept?.type !== then.type || kept.multiValued !== then.multiValued;
    }),
  );
  return [...new Set(lost.map(([property]) => property))];
}

/** Whether a link property that the earlier revisions had, with this target, is retired since then. */
export function isLinkLost(
  earlier: readonly ConnectorFile[],
  file: ConnectorFile,
  link: { entityTypeName: string; name: string; targetName: string },
): boolean {
  const has = (each: ConnectorFile) => {
    const navigation = own(typeIn(each, link.entityTypeName)?.navigationProperties ?? {}, link.name);
    return navigation !== undefined && targetsOf(navigation).includes(link.targetName);
  };
  return earlier.some(has) && !has(file);
}

const typeIn = (file: ConnectorFile, name: string): EntityTypeFile | undefined =>
  file.entityTypes.find((type) => type.name === name);
