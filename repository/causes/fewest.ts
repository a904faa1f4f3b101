/** How many resources a cause has to be about at least, for the number that is stored. */
export const fewestOf = (stored: number): number => Math.max(2, Math.min(5, Math.ceil(0.3 * stored)));
