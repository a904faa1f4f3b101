import { amount } from '../../../domain/amount.ts';
import type { Detector, Finding, Search } from '../detector.ts';
import { fewestOf } from '../fewest.ts';
import type { CauseLink, CauseSubject } from '../subject.ts';

/** Of the lost lines, since a line can be filtered, repeated or rejected; and of the deletes. */
const mostOf = 0.5;

/** What goes are the last lines of the last applied file. */
export const fileCutShort: Detector = {
  code: 'file-cut-short',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      if (!type.whole) continue;
      if (type.deleted >= fewestOf(type.stored) && type.read > 0) found.push(...(await cutResources(search, type)));
      for (const link of type.links)
        if (link.table !== null && link.read > 0 && link.deleted >= fewestOf(link.stored))
          found.push(...(await cutLinks(search, type, link, link.table)));
    }
    return found;
  },
};

async function cutResources(search: Search, type: CauseSubject): Promise<Finding[]> {
  const cut = await search.cutTable(type.connection, type.table);
  if (!cut || !fits(cut.lost, type.deleted)) return [];
  return [
    {
      entityType: type.name,
      message: says(type.table, cut),
      examples: [type.table],
      counts: { linesLeft: cut.kept, linesGone: cut.lost, deleted: type.deleted, stored: type.stored },
      explains: [{ kind: 'resource', type: type.id, operation: 'd' }],
    },
  ];
}

async function cutLinks(search: Search, type: CauseSubject, link: CauseLink, table: string): Promise<Finding[]> {
  const cut = await search.cutTable(link.connection, table);
  if (!cut || !fits(cut.lost, link.deleted)) return [];
  return [
    {
      entityType: type.name,
      property: link.name,
      message: says(table, cut),
      examples: [table],
      counts: { linesLeft: cut.kept, linesGone: cut.lost, deleted: link.deleted, stored: link.stored },
      explains: [{ kind: 'link', property: link.id, operation: 'd' }],
    },
  ];
}

const fits = (lost: number, deleted: number) => deleted >= mostOf * lost || lost >= mostOf * deleted;

const says = (table: string, { kept, lost }: { kept: number; lost: number }) =>
  `${table} ends ${amount(lost, 'line')} earlier than in the last applied sync; its first ${kept === 1 ? 'line is' : `${amount(kept, 'line')} are`} still there.`;
