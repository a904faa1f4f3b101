import { SyncError } from '../../../domain/errors.ts';

/**
 * SQL Server takes several statements at once, in every form of its protocol. A query is put between parentheses, in which
 * nothing but a select can be: so it is enough that the query closes none that it has not opened.
 * @param query as the settings have it, without the parentheses around it
 * @throws SyncError `query`
 */
export function refuseSeveralStatements(query: string): void {
  let open = 0;
  for (const [token] of query.matchAll(tokens)) {
    if (token === '(') open++;
    else if (token === ')') open--;
    else if (token === ';') open = -1;
    else if (token === "'" || token === '"' || token === '[' || token === '/*') open = -1;
    if (open < 0) throw refused();
  }
  if (open !== 0) throw refused();
}

/** Texts, names and comments as a whole; one that is not closed by its first character. */
const tokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|--[^\n]*|\/\*(?:[^*/]|\*(?!\/)|\/(?!\*))*\*\/|\/\*|['"[]|[();]/g;

const refused = () =>
  new SyncError(
    'query',
    'A query is one select: it has as many parentheses that open as such that close, no semicolon, and no comment in a comment.',
  );
