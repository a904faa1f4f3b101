import { own } from './chosen-names.ts';
import { targetsOf, type ConnectorFile, type EntityTypeFile } from './connector-file.ts';
import type { Counters } from './sync.ts';

/**
 * What of a change set a later revision no longer has as it was: entity types, keys, navigation properties and their targets
 * that changes are proposed for. Whatever else a revision changes does not matter to changes that were found.
 * @returns names, `<Type>` or `<Type>.<navigation property>`
 */
export function changedConfiguration(found: ConnectorFile, now: ConnectorFile, proposed: Counters): string[] {
  const changed: string[] = [];
  const differs = (name: string) => isTypeChanged(found, now, name);
  for (const [name, counters] of Object.entries(proposed)) {
    const links = Object.entries(counters.links).filter(([, link]) => hasChanges(link));
    if (!hasChanges(counters) && links.length === 0) continue;
    if (differs(name)) {
      changed.push(name);
      continue;
    }
    for (const [property] of links) {
      const [before, after] = [found, now].map((file) => own(typeIn(file, name)?.navigationProperties ?? {}, property));
      const [was, is] = [before, after].map((each) => (each ? [...targetsOf(each)].sort() : []));
      const same = was?.join() === is?.join() && before?.multiValued === after?.multiValued;
      if (!same || was?.some(differs)) changed.push(`${name}.${property}`);
    }
  }
  return changed;
}

/** Whether the key of an entity type, or how it is read, differs between two files; also if only one of them has the type. */
export const isTypeChanged = (before: ConnectorFile, now: ConnectorFile, name: string): boolean =>
  formOf(typeIn(before, name)) !== formOf(typeIn(now, name));

const typeIn = (file: ConnectorFile, name: string) => file.entityTypes.find((type) => type.name === name);

const hasChanges = ({ inserted, updated, deleted }: { inserted: number; updated: number; deleted: number }) =>
  inserted + updated + deleted > 0;

/** The key of an entity type, and how its texts are read; undefined if the file does not have the type. */
function formOf(type: EntityTypeFile | undefined): string | undefined {
  return (
    type &&
    JSON.stringify(
      type.key.map((name) => {
        const { type: form, format, zone, decimalSeparator, caseInsensitive } = own(type.properties, name) ?? {};
        return [name, form, format, zone, decimalSeparator, caseInsensitive];
      }),
    )
  );
}
