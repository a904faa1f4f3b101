import type { DiffLink } from './diff-input.ts';
import { formOf, leadsTo } from './link-targets.ts';

/**
 * SQL for a value in the form in which links by another property than the key are compared. The value of the link and that of
 * the target need it both.
 */
export const comparedBy = ({ folds }: Pick<DiffLink, 'folds'>, value: string): string =>
  folds ? `syncline.folded(${value})` : value;

/** The same of a staged value: of its form for each entity type that the links lead to, if there are several. */
export const comparedTarget = (link: DiffLink, value: string): string =>
  link.others
    ? `jsonb_build_array(${leadsTo(link)
        .map((target, nth) => comparedBy(target, formOf(link, nth, value)))
        .join(', ')})::text collate "C"`
    : comparedBy(link, value);
