/** The command line's own name in the hints that it prints. */
export const invocation = './syncline';
