import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Documents whose commands and examples a person copies. */
export const documents = [
  'README.md',
  'docs/operations.md',
  'docs/reference/cli.md',
  'docs/reference/connector-file.md',
  ...readdirSync(join(root, 'docs', 'guides'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guides/${name}`),
];

export interface Block {
  document: string;
  /** From 1, of the fence. */
  line: number;
  language: string;
  text: string;
}

/** The fenced blocks of a document. */
export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  let open: (Block & { lines: string[] }) | undefined;
  readFileSync(join(root, document), 'utf8')
    .split('\n')
    .forEach((text, i) => {
      const fence = /^ *```(\w*)/.exec(text);
      if (!fence) open?.lines.push(text);
      else if (open) {
        blocks.push({ ...open, text: open.lines.join('\n') });
        open = undefined;
      } else open = { document, line: i + 1, language: fence[1] ?? '', text: '', lines: [] };
    });
  return blocks;
}

/** The command lines of a block, without comments; a line that ends with a backslash goes on. */
export function commandsIn({ text }: Block): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Words of a command line as a shell would make them of it; single and double quotes count. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
