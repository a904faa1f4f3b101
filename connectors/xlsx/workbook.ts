import { posix } from 'node:path';
import { SyncError } from '../../domain/errors.ts';
import { broken, type Archive } from '../archive.ts';
import { builtInFormat, readFormat, type NumberFormat } from './number-format.ts';
import { attribute, readWhole } from './xml.ts';

/** What all sheets of a file share. */
export interface Workbook {
  /** Names of the sheets with the part of each. */
  sheets: Map<string, string>;
  /** Days count from 1904. */
  from1904: boolean;
  strings: string[];
  /** By the number of a cell's style. */
  formats: NumberFormat[];
}

const stringsLimit = 512 << 20;

export async function readWorkbook(
  archive: Archive,
  file: string,
  { strings }: { strings: boolean },
): Promise<Workbook> {
  const [main] = (await relations(archive, file, '')).filter(({ type }) => type === 'officeDocument');
  if (!main)
    throw new SyncError('unsupported-file', `${file} is no workbook. Save it as one (.xlsx).`, { table: file });
  const parts = await relations(archive, file, main.target);
  const sheets = new Map<string, string>();
  let from1904 = false;
  await readWhole(archive.open(main.target), file, main.target, {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = isTrue(attribute(attributes, 'date1904'));
      if (name !== 'sheet') return;
      const part = parts.find(({ id }) => id === attribute(attributes, 'id'));
      // charts are sheets, too, and have no cells
      if (part?.type === 'worksheet') sheets.set(attribute(attributes, 'name') ?? '', part.target);
    },
  });
  const partOf = (type: string) => parts.find((each) => each.type === type)?.target;
  return {
    sheets,
    from1904,
    strings: strings ? await readStrings(archive, file, partOf('sharedStrings')) : [],
    formats: strings ? await readStyles(archive, file, partOf('styles')) : [],
  };
}

const isTrue = (text: string | undefined) => text === '1' || text === 'true';

/** Which parts a part leads to. */
async function relations(archive: Archive, file: string, part: string) {
  const folder = posix.dirname(part);
  const from = posix.join(folder === '.' ? '' : folder, '_rels', `${posix.basename(part)}.rels`);
  const found: { id: string; type: string; target: string }[] = [];
  if (!archive.has(from)) {
    if (part === '')
      throw new SyncError('unsupported-file', `${file} is an archive, but no workbook.`, { table: file });
    throw broken(file, `the part ${from} is missing`);
  }
  await readWhole(archive.open(from), file, from, {
    open(name, attributes) {
      if (name !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return;
      const target = attribute(attributes, 'Target') ?? '';
      found.push({
        id: attribute(attributes, 'Id') ?? '',
        type: (attribute(attributes, 'Type') ?? '').split('/').at(-1) ?? '',
        target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
      });
    },
  });
  return found;
}

async function readStrings(archive: Archive, file: string, part: string | undefined): Promise<string[]> {
  if (part === undefined || !archive.has(part)) return [];
  if (archive.size(part) > stringsLimit)
    throw new SyncError('too-large', `${file} has more than 512 MiB of texts. Split it.`, { table: file });
  const strings: string[] = [];
  const text = new RichText();
  await readWhole(archive.open(part), file, part, {
    open(name) {
      if (name === 'si') text.begin();
      text.open(name);
    },
    text: (piece) => {
      text.add(piece);
    },
    close(name) {
      text.close(name);
      if (name === 'si') strings.push(text.value);
    },
  });
  return strings;
}

/** A text in pieces, each with a look of its own. Reading aids beside the text are no part of it. */
export class RichText {
  value = '';
  #inText = false;
  #inAid = false;

  begin(): void {
    this.value = '';
    this.#inText = false;
    this.#inAid = false;
  }

  open(name: string): void {
    if (name === 'rPh') this.#inAid = true;
    else if (name === 't') this.#inText = true;
  }

  add(text: string): void {
    if (this.#inText && !this.#inAid) this.value += text;
  }

  close(name: string): void {
    if (name === 'rPh') this.#inAid = false;
    else if (name === 't') this.#inText = false;
    else if (name === 'si' || name === 'is') this.value = unescape(this.value);
  }
}

/** `_x000D_` stands for a character that XML cannot hold, `_x005F_` for the underscore before such a thing. */
export const unescape = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

async function readStyles(archive: Archive, file: string, part: string | undefined): Promise<NumberFormat[]> {
  if (part === undefined || !archive.has(part)) return [];
  const codes = new Map<number, string>();
  const used: number[] = [];
  let inCells = false;
  await readWhole(archive.open(part), file, part, {
    open(name, attributes) {
      if (name === 'numFmt')
        codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) used.push(Number(attribute(attributes, 'numFmtId') ?? 0));
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return used.map((id) => {
    const code = codes.get(id);
    return code === undefined ? builtInFormat(id) : readFormat(code);
  });
}
