import type { ConnectorFile, EntityTypeFile } from './connector-file.ts';
import { compileOverResource, withoutValues } from './expression.ts';

/** Which resources of a connector are managed, and which entity types are users. */

/** Whether the connector has entity types of which not all resources are managed. */
export const hasManaged = (file: ConnectorFile): boolean => file.entityTypes.some((type) => type.managed !== undefined);

/** Names of the entity types whose resources are users, in the order of the file. */
export const usersTypes = (file: ConnectorFile): string[] =>
  file.entityTypes.filter((type) => type.users === true).map((type) => type.name);

/** Who decides which resources of a type are managed; null: all of them are. */
export type ManagedBy = 'rule' | 'hand' | null;

export function managedBy({ managed }: EntityTypeFile): ManagedBy {
  if (managed === undefined) return null;
  return 'rule' in managed ? 'rule' : 'hand';
}

/** The result of a rule for a resource. If the rule fails, the resource is unmanaged, and `fault` says why. */
export interface ManagedVerdict {
  managed: boolean;
  fault?: string;
}

/** @param attributes as they are stored: properties without a value are left out */
export type ManagedRule = (attributes: Readonly<Record<string, unknown>>) => ManagedVerdict;

/** The rule of a checked entity type, or undefined if it has none. */
export function compileManagedRule(type: EntityTypeFile): ManagedRule | undefined {
  if (type.managed === undefined || !('rule' in type.managed)) return undefined;
  const rule = compileOverResource(type.managed.rule);
  const empty = Object.entries(type.properties).map(([name, { multiValued }]): [string, unknown] => [
    name,
    multiValued ? [] : null,
  ]);
  return (attributes) => {
    try {
      const managed = rule.evaluate(new Map([...empty, ...Object.entries(attributes)]));
      return typeof managed === 'boolean'
        ? { managed }
        : {
            managed: false,
            fault: 'The rule of managed is neither true nor false for this resource, so the resource is unmanaged.',
          };
    } catch (error) {
      return {
        managed: false,
        fault: `The rule of managed failed, so the resource is unmanaged: ${withoutValues(error)}`,
      };
    }
  };
}
