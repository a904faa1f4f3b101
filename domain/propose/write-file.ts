import { Document, isMap, isNode, isScalar, type Node } from 'yaml';
import type { Guess } from './discovered.ts';

/** A connector file as people read it: every guess stands as a comment above what was guessed. */
export function writeFile(file: Record<string, unknown>, guesses: readonly Guess[]): string {
  const document = new Document(file, { aliasDuplicateObjects: false });
  document.commentBefore =
    ' A first file. All that is marked as a guess is to be checked by a person before the file is used.';
  for (const { pointer, reason } of guesses) {
    const path = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const node = nodeAt(document, path);
    if (node) node.commentBefore = ` Guess: ${reason.replaceAll(/\p{Cc}+/gu, ' ')}`;
  }
  return document.toString({ lineWidth: 0 });
}

/** What a comment stands above: the name of the last part in its map, or the item of a list. */
function nodeAt(document: Document, path: string[]): Node | undefined {
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return isNode(pair?.key) ? pair.key : undefined;
  }
  const item: unknown = document.getIn(path, true);
  return isNode(item) ? item : undefined;
}
