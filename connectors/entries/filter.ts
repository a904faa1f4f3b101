import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
  type Filter,
} from 'ldapts';

/**
 * Filters as RFC 4515 writes them. The parser of ldapts makes other bytes of `\c3\a4`, and refuses attributes with options,
 * numbers as names of attributes, and spaces between filters.
 */

class FilterError extends Error {}

/** What is wrong with a filter; undefined if nothing is. */
export function filterFault(text: string): string | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error.message;
    throw error;
  }
}

/** @throws FilterError if the text is no filter */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text);
  const filter = reader.filter(0);
  reader.spaces();
  if (!reader.done) throw reader.fault('there is more behind its end');
  return filter;
}

/** The attributes that decide what a filter accepts, in small letters. */
export function attributesOfFilter(filter: Filter): string[] {
  if (filter instanceof AndFilter || filter instanceof OrFilter) return filter.filters.flatMap(attributesOfFilter);
  if (filter instanceof NotFilter) return attributesOfFilter(filter.filter);
  if (filter instanceof ExtensibleFilter) return filter.matchType === '' ? [] : [filter.matchType.toLowerCase()];
  return 'attribute' in filter && typeof filter.attribute === 'string' ? [filter.attribute.toLowerCase()] : [];
}

export const allOf = (...filters: Filter[]): Filter =>
  filters.length === 1 && filters[0] ? filters[0] : new AndFilter({ filters });
export const anyOf = (filters: Filter[]): Filter =>
  filters.length === 1 && filters[0] ? filters[0] : new OrFilter({ filters });
export const equals = (attribute: string, value: Buffer | string): Filter =>
  new EqualityFilter({ attribute, value: typeof value === 'string' ? Buffer.from(value, 'utf8') : value });
export const atLeast = (attribute: string, value: string): Filter => new GreaterThanEqualsFilter({ attribute, value });

const attributeName = /(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*/y;
const matchingRule = /:(dn:)?(?:([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+):)?=/iy;
const deepest = 100;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  fault(what: string): FilterError {
    return new FilterError(`The filter cannot be read at its character ${String(this.#at + 1)}: ${what}.`);
  }

  spaces(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  filter(depth: number): Filter {
    if (depth > deepest) throw this.fault('it is nested too deep');
    this.spaces();
    this.#expect('(');
    this.spaces();
    const sign = this.#text[this.#at];
    let filter: Filter;
    if (sign === '&' || sign === '|') {
      this.#at++;
      const filters = this.#list(depth);
      filter = sign === '&' ? new AndFilter({ filters }) : new OrFilter({ filters });
    } else if (sign === '!') {
      this.#at++;
      filter = new NotFilter({ filter: this.filter(depth + 1) });
    } else filter = this.#item();
    this.spaces();
    this.#expect(')');
    return filter;
  }

  #list(depth: number): Filter[] {
    const filters: Filter[] = [];
    this.spaces();
    while (this.#text[this.#at] === '(') {
      filters.push(this.filter(depth + 1));
      this.spaces();
    }
    if (filters.length === 0) throw this.fault('a filter must follow');
    return filters;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw this.fault(`${character} must follow`);
    this.#at++;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #item(): Filter {
    const attribute = this.#match(attributeName)?.[0] ?? '';
    this.spaces();
    const rule = this.#match(matchingRule);
    if (rule) {
      const [, dn, named] = rule;
      const value = this.#textOf(this.#value(false)[0]);
      return new ExtensibleFilter({ matchType: attribute, dnAttributes: dn !== undefined, rule: named ?? '', value });
    }
    if (attribute === '') throw this.fault('the name of an attribute must follow');
    const sign = this.#match(/[<>~]?=/y)?.[0];
    if (sign === undefined) throw this.fault('=, >=, <= or ~= must follow');
    const values = this.#value(sign === '=');
    const [first, ...more] = values;
    if (sign === '=' && values.length === 1) return new EqualityFilter({ attribute, value: first ?? '' });
    if (sign === '=' && values.length === 2 && values.every(({ length }) => length === 0))
      return new PresenceFilter({ attribute });
    const value = this.#textOf(first);
    if (sign === '>=') return new GreaterThanEqualsFilter({ attribute, value });
    if (sign === '<=') return new LessThanEqualsFilter({ attribute, value });
    if (sign === '~=') return new ApproximateFilter({ attribute, value });
    const texts = more.map((each) => this.#textOf(each));
    if (texts.slice(0, -1).includes('')) throw this.fault('two * stand side by side');
    return new SubstringFilter({ attribute, initial: value, any: texts.slice(0, -1), final: texts.at(-1) ?? '' });
  }

  /** The bytes of a value, in pieces if it has `*`. */
  #value(stars: boolean): Buffer[] {
    const pieces: Buffer[] = [];
    let piece: Buffer[] = [];
    for (;;) {
      const plain = this.#match(/[^()\\*\0]+/y)?.[0];
      if (plain !== undefined) piece.push(Buffer.from(plain, 'utf8'));
      else if (this.#text[this.#at] === '\\') {
        const hex = this.#match(/\\([0-9a-fA-F]{2})/y)?.[1];
        if (hex === undefined) throw this.fault('two hexadecimal digits must stand behind \\');
        piece.push(Buffer.from(hex, 'hex'));
      } else if (this.#text[this.#at] === '*') {
        if (!stars) throw this.fault('* is possible behind = only; write \\2a for the character');
        this.#at++;
        pieces.push(Buffer.concat(piece));
        piece = [];
      } else return [...pieces, Buffer.concat(piece)];
    }
  }

  #textOf(bytes: Buffer = Buffer.alloc(0)): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.fault('bytes that are no text are possible behind = only, without *');
    }
  }
}
