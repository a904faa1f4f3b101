import type { components } from '../generated/api.ts';

type File = components['schemas']['ConnectorWithFile']['file'];

/** A watch of the connector file, and where it stands. */
export interface Watch {
  /** `<Type>` or `<Type>.<navigation property>` */
  scope: string;
  /** Absent for links. */
  property?: string | undefined;
  to: readonly string[];
  from?: readonly string[] | undefined;
  maximumLines?: number | undefined;
  maxPercentageLines?: number | undefined;
}

const text = (value: unknown): string => (Array.isArray(value) ? value.join(' · ') : String(value));

/** What a file watches: values of entity types first, then links. */
export function watchesOf({ entityTypes }: Pick<File, 'entityTypes'>): Watch[] {
  return entityTypes.flatMap(({ name, watch, navigationProperties }) => [
    ...(watch ?? []).map((each): Watch => ({
      ...each,
      scope: name,
      to: each.to.map(text),
      from: each.from?.map(text),
    })),
    ...Object.entries(navigationProperties ?? {}).flatMap(([property, navigation]) =>
      (navigation.watch ?? []).map((each): Watch => ({
        ...each,
        scope: `${name}.${property}`,
        to: each.to.map(text),
      })),
    ),
  ]);
}
