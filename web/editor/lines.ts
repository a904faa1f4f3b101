import { LineCounter, parseDocument, isMap, isSeq, type Node } from 'yaml';

/** The line of a JSON Pointer in a YAML text, from 1; that of the nearest parent where it is not there. */
export function lineOf(text: string, pointer: string): number {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, keepSourceTokens: true });
  let node: unknown = document.contents;
  let at = (node as Node | null)?.range?.[0] ?? 0;
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String((key as { value?: unknown }).value ?? key) === part);
      if (!pair) break;
      at = (pair.key as Node).range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (node === undefined) break;
      at = (node as Node).range?.[0] ?? at;
    } else break;
  }
  return counter.linePos(at).line;
}

/** Where YAML itself is broken. */
export function syntaxFault(text: string): { line: number; message: string } | undefined {
  const counter = new LineCounter();
  const [error] = parseDocument(text, { lineCounter: counter }).errors;
  if (!error) return undefined;
  return {
    line: counter.linePos(error.pos[0]).line,
    message: error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? '',
  };
}

/** The path at a place of the text, by indentation: what the keys around it are. */
export function pathAt(text: string, offset: number): string[] {
  const lines = text.slice(0, offset).split('\n');
  const indent = (line: string) => line.length - line.trimStart().length;
  const current = lines.at(-1) ?? '';
  let depth = indent(current) + (current.trimStart().startsWith('- ') ? 2 : 0);
  const path: string[] = [];
  for (const line of lines.slice(0, -1).reverse()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const item = line.trimStart().startsWith('- ');
    const own = indent(line) + (item ? 2 : 0);
    const [, key] = /^\s*(?:- )?([\w$-]+):\s*(?:#.*)?$/.exec(line) ?? [];
    if (own < depth && key !== undefined) {
      path.unshift(key);
      depth = item ? indent(line) : own;
    } else if (own < depth && item) depth = indent(line);
  }
  return path;
}
