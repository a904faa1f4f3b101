import type { DiffLink, LinkTarget } from './diff-input.ts';

/** A link property that a diff compares, or that it only takes links from. */
type Leading = Pick<LinkTarget, 'id' | 'target'> & Partial<LinkTarget> & Pick<DiffLink, 'others'>;

/** The entity types that the links of a property lead to, in the order of the connector file. */
export const leadsTo = <Link extends Leading>(link: Link): readonly Pick<Link, keyof LinkTarget & keyof Link>[] => [
  link,
  ...((link.others ?? []) as readonly Link[]),
];

const either = (column: string, ids: readonly number[]) =>
  ids.length === 1 ? `${column} = ${String(ids[0])}` : `${column} in (${ids.join(', ')})`;

/** Condition for rows of the property, whatever entity type they lead to. */
export const ofProperty = (link: Leading, column = 'property') =>
  either(
    column,
    leadsTo(link).map(({ id }) => id),
  );

/** Condition for resources that links of the property can lead to. */
export const ofTargets = (link: Leading, column = 't.entity_type') =>
  either(
    column,
    leadsTo(link).map(({ target }) => target),
  );

/** The stored links of a property as (source, target). The ids of resources are unique over all entity types. */
export const storedLinks = (link: Leading) => `(select source, target from syncline.link where ${ofProperty(link)})`;

/** A staged value in the form of the nth entity type: a link that leads to one has no others, see domain/match-several.ts. */
export const formOf = ({ others }: Pick<DiffLink, 'others'>, nth: number, value: string) =>
  others ? `((${value})::jsonb ->> ${String(nth)})` : value;

/** A staged value as people are shown it: the first form that there is. */
export const shownOf = (link: Leading, value: string) =>
  link.others
    ? `coalesce(${leadsTo(link)
        .map((_, nth) => formOf(link, nth, value))
        .join(', ')})`
    : value;

/** `, w.property` where links lead to several entity types: rows of wanted then say to which. */
export const propertyColumn = ({ others }: Pick<DiffLink, 'others'>, alias: string) =>
  others ? `, ${alias}.property` : '';

/** SQL for the row of the catalog that the link of a move leaves, null if it is the one to which it comes. */
export const propertyBefore = (link: Leading, move: string): string => `nullif((
  select l.property from syncline.link l
  where ${ofProperty(link, 'l.property')} and l.source = ${move}.source and l.target = ${move}.before_target), ${move}.property)`;
