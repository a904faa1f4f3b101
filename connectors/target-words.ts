/** What a target says of a request, without what we sent: its words go into lists that many people read. */

const longest = 200;

/** All texts in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Buffer.isBuffer(value)) return [value.toString('utf8')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** @param sent whatever was in the request: each text of it is replaced, in any case of its letters */
export function wordsOf(said: unknown, sent: unknown): string {
  if (typeof said !== 'string') return '';
  const texts = [...new Set(textsIn(sent))].filter((text) => text !== '').sort((a, b) => b.length - a.length);
  let words = said.replace(/\p{Cc}+/gu, ' ').trim();
  for (const text of texts) {
    // a short one is a part of most words
    const bound = text.length < 4 ? ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'] : ['', ''];
    words = words.replace(new RegExp(`${bound[0] ?? ''}${escaped(text)}${bound[1] ?? ''}`, 'giu'), '…');
  }
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words;
}
