import { zip, type ZipPart } from './zip.ts';

const type = (name: string) => `http://schemas.openxmlformats.org/officeDocument/2006/relationships/${name}`;
const relations = (...of: [string, string][]) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${of
    .map(([name, target], i) => `<Relationship Id="r${String(i + 1)}" Type="${type(name)}" Target="${target}"/>`)
    .join('')}</Relationships>`;

export interface HandMade {
  /** The XML inside of `sheetData`, by the name of the sheet. */
  sheets: Record<string, string>;
  /** XML behind `sheetData`. */
  behind?: string;
  strings?: string;
  /** Number formats of the styles 1, 2, …; 0 is none. */
  formats?: string[];
  workbookPr?: string;
  /** Parts that replace those of the workbook, or come to them. */
  parts?: ZipPart[];
}

/** The parts of a workbook whose XML is written by hand. */
export function workbookParts({
  sheets,
  behind = '',
  strings,
  formats = [],
  workbookPr = '',
  parts = [],
}: HandMade): ZipPart[] {
  const names = Object.keys(sheets);
  const own: ZipPart[] = [
    { name: '_rels/.rels', data: relations(['officeDocument', 'xl/workbook.xml']) },
    {
      name: 'xl/workbook.xml',
      data: `<workbook xmlns:r="x">${workbookPr}<sheets>${names
        .map((name, i) => `<sheet name="${name}" sheetId="${String(i + 1)}" r:id="r${String(i + 1)}"/>`)
        .join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: relations(
        ...names.map((_name, i): [string, string] => ['worksheet', `worksheets/sheet${String(i + 1)}.xml`]),
        ['sharedStrings', 'sharedStrings.xml'],
        ['styles', 'styles.xml'],
      ),
    },
    {
      name: 'xl/styles.xml',
      data: `<styleSheet><numFmts>${formats
        .map(
          (code, i) =>
            `<numFmt numFmtId="${String(200 + i)}" formatCode="${code.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"/>`,
        )
        .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
        .map((_code, i) => `<xf numFmtId="${String(200 + i)}"/>`)
        .join('')}</cellXfs></styleSheet>`,
    },
    { name: 'xl/sharedStrings.xml', data: `<sst>${strings ?? ''}</sst>` },
    ...Object.values(sheets).map((data, i) => ({
      name: `xl/worksheets/sheet${String(i + 1)}.xml`,
      data: `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>${data}</sheetData>${behind}</worksheet>`,
    })),
  ];
  return [...own.filter(({ name }) => !parts.some((part) => part.name === name)), ...parts];
}

export const workbook = (of: HandMade): Buffer => zip(workbookParts(of));

/** A row of texts. */
export const textRow = (number: number, ...texts: string[]) =>
  `<row r="${String(number)}">${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;
