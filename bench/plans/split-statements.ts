/** The statements of an SQL text; a semicolon in quotes, in dollar quotes or in a comment ends none. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(piece))
    if (found === ';') {
      statements.push(text.slice(from, index));
      from = index + 1;
    }
  statements.push(text.slice(from));
  return statements.map((each) => each.replace(/^(\s+|--[^\n]*\n)+/, '').trim()).filter((each) => each !== '');
}

const piece = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|;/g;
