import { isAlias, isMap, isScalar, Lexer, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { mostFaults, type Fault } from './fault.ts';
import { deepest, tooDeep } from './text-faults.ts';

/** A connector needs few aliases. Many aliases can be an attack. */
const mostAliases = 100;

/**
 * Reads YAML 1.2. What the parser would take very long over is refused first, by a look at the text's symbols that takes
 * time linear in its length: deep nesting, brackets that close nothing, many aliases.
 */
export function readYaml(text: string): { value: unknown } | { faults: Fault[] } {
  const before = symbolFault(text);
  if (before) return { faults: [before] };
  const lines = new LineCounter();
  // the parser compares each name with every other one; a set is faster
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const faults = [
    ...document.errors.slice(0, mostFaults).map(({ message, pos }) => ({ message, at: pos[0] })),
    ...keyFaults(document),
  ];
  if (faults.length > 0)
    return {
      faults: faults
        .slice(0, mostFaults)
        .map(({ message, at }) => ({ pointer: '', detail: `${firstLine(message)}${place(lines, at)}` })),
    };
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }) };
  } catch (error) {
    return {
      faults: [{ pointer: '', detail: error instanceof Error ? firstLine(error.message) : 'It cannot be read.' }],
    };
  }
}

/** Why a YAML text is refused before it is parsed. */
function symbolFault(text: string): Fault | undefined {
  let open = 0;
  let aliases = 0;
  let line = 1;
  /** Collections that begin on this line: `- - - x`, `? ? x`. */
  let begun = 0;
  for (const symbol of new Lexer().lex(text)) {
    if (symbol === '[' || symbol === '{') open++;
    else if ((symbol === ']' || symbol === '}') && --open < 0)
      return { pointer: '', detail: `${symbol} closes nothing (line ${String(line)}).` };
    else if (symbol === '-' || symbol === '?') begun++;
    else if (symbol.startsWith('*') && ++aliases > mostAliases)
      return { pointer: '', detail: `The document has more than ${String(mostAliases)} aliases.` };
    if (open > deepest || begun > deepest) return tooDeep;
    for (let at = symbol.indexOf('\n'); at !== -1; at = symbol.indexOf('\n', at + 1)) line++;
    if (symbol.includes('\n')) begun = 0;
  }
  return undefined;
}

/** Names that occur twice in one map, or are not plain text: one of them would be lost silently. */
function keyFaults(document: Document): { message: string; at: number }[] {
  const faults: { message: string; at: number }[] = [];
  visit(document, {
    Map(_, { items }) {
      const names = new Set<string>();
      for (const { key } of items) {
        const at = typeof key === 'object' && key !== null && 'range' in key ? ((key.range as number[])[0] ?? 0) : 0;
        if (isAlias(key) || isMap(key) || !isScalar(key)) {
          faults.push({ message: 'A name in a map must be plain text', at });
          continue;
        }
        const name = String(key.value);
        if (names.has(name))
          faults.push({ message: `Map keys must be unique; ${name.slice(0, 100)} occurs twice`, at });
        names.add(name);
        if (faults.length >= mostFaults) return visit.BREAK;
      }
      return undefined;
    },
  });
  return faults;
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

function place(lines: LineCounter, at: number): string {
  const { line, col } = lines.linePos(at);
  return ` (line ${String(line)}, column ${String(col)})`;
}
