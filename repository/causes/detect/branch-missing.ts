import { amount, some } from '../../../domain/amount.ts';
import { count, type Detector, type Finding } from '../detector.ts';
import { sharedLinks } from '../branches/links.ts';
import { sharedParents } from '../branches/parents.ts';
import { sharedParts } from '../branches/parts.ts';
import type { Branch } from '../branches/branch.ts';
import { isLinkLike } from '../link-like.ts';
import type { CauseSubject } from '../subject.ts';

const fewest = 5;

/** What goes shares an organisation, a parent, a link, a part of the key or a value that nothing else has. */
export const branchMissing: Detector = {
  code: 'branch-missing',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      if (type.deleted < fewest || type.deleted >= 0.9 * type.stored || isLinkLike(type)) continue;
      for (const shared of [sharedParts, sharedLinks, sharedParents]) {
        const branch = await shared(search, type);
        if (!branch) continue;
        found.push(finding(type, branch));
        break;
      }
    }
    return found;
  },
};

/** More than that of a file that was cut short: a cut hardly ever falls exactly between one value and the next. */
const exactly = 73;

const finding = (type: CauseSubject, { shares, property, values, lines, explains }: Branch): Finding => ({
  entityType: type.name,
  ...(property === undefined ? {} : { property }),
  ...(property !== undefined && values === 1 && lines === type.deleted ? { specificity: exactly } : {}),
  message: `${count(lines)} of the ${amount(type.deleted, 'deleted resource')} of ${type.name} ${some(lines, 'shares', 'share')} ${shares}, and nothing that stays has ${values === 1 ? 'it' : 'them'}.`,
  examples: property === undefined ? [] : [property],
  counts: { shared: lines, values, deleted: type.deleted, stored: type.stored },
  explains,
});
