import type { DiffLink } from './diff-input.ts';

/**
 * SQL for a value in the form in which links by another property than the key are compared. The value of the link and that of
 * the target need it both.
 */
export const comparedBy = ({ folds }: Pick<DiffLink, 'folds'>, value: string): string =>
  folds ? `syncline.folded(${value})` : value;
