/** How the command line is called in what it tells a person to type next. */
export const invocation = './syncline';
