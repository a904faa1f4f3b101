import { amount, some } from '../../../domain/amount.ts';
import { row } from '../../database.ts';
import type { Detector, Finding, Search } from '../detector.ts';
import type { Explained } from '../explained.ts';
import { fewestOf } from '../fewest.ts';
import { lostOf } from '../lost-links.ts';
import type { CauseLink, CauseSubject } from '../subject.ts';
import { rejectedBefore } from './many-rejected.ts';

/** Of the links that go with their targets. */
const mostOf = 0.5;
const fewest = 10;
/** Of the stored links, if no target goes. */
const many = 0.05;

/** Rows still refer to resources that are gone, or that were rejected before they were ever stored. */
export const targetMissing: Detector = {
  code: 'target-missing',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects)
      for (const link of type.links) {
        if (link.rejected < 2) continue;
        const before = (await rejectedBefore(search))[type.name]?.links[link.name]?.rejected ?? 0;
        const dangling = link.rejected - link.unreadable - before;
        if (dangling < 2) continue;
        const links = await lostOf(search, link.id, { sourceGoes: false, targetGoes: true });
        if (links >= fewestOf(link.stored) && dangling >= mostOf * links)
          found.push(finding(type, link, dangling, { links, targets: await targetsThatGo(search, link) }));
        else if (links === 0 && link.deleted === 0 && dangling >= Math.max(fewest, many * link.stored))
          found.push(finding(type, link, dangling, { links, targets: 0 }));
      }
    return found;
  },
};

interface LinksGone {
  links: number;
  targets: number;
}

/** Resources that are deleted while the sources of links to them stay. */
async function targetsThatGo({ tx, lostLinks }: Search, { id }: CauseLink): Promise<number> {
  const found = await row<{ n: number }>(
    tx,
    `select count(*)::int as n from (${(await lostLinks()).targetsOf(id)}) each`,
  );
  return found?.n ?? 0;
}

function finding(type: CauseSubject, link: CauseLink, dangling: number, gone: LinksGone): Finding {
  const explains: Explained[] =
    gone.targets > 0 ? [{ kind: 'resource', type: link.target, operation: 'd', where: { targetOf: link.id } }] : [];
  return {
    entityType: type.name,
    property: link.name,
    message:
      gone.targets > 0
        ? `${amount(gone.targets, 'resource')} ${some(gone.targets, 'is', 'are')} gone to which ${amount(dangling, 'row')} still ${some(dangling, 'refers', 'refer')} by ${link.name}.`
        : `${amount(dangling, 'more value', 'more values')} of ${link.name} than in the last applied sync ${some(dangling, 'leads', 'lead')} to nothing.`,
    examples: [link.name],
    counts: { dangling, linksThatGo: gone.links, targetsThatGo: gone.targets, stored: link.stored },
    explains,
    rejected: dangling,
  };
}
