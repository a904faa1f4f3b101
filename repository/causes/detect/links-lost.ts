import { amount, some } from '../../../domain/amount.ts';
import { count, type Detector, type Finding } from '../detector.ts';
import { lostWhileEndsStay } from '../lost-links.ts';
import type { CauseLink, CauseSubject } from '../subject.ts';
import { isLinkLike, keysOfGone } from '../link-like.ts';

const fewest = 10;
/** Of what is stored. */
const many = 0.1;
/** Links that come, of those that go: where many come, links moved. */
const fewCome = 1 / 3;

/** Many links of one kind are gone while both their ends stay. */
export const linksLost: Detector = {
  code: 'links-lost',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      for (const link of type.links) {
        if (!isMany(link)) continue;
        const { lost, allEndsStay } = await lostWhileEndsStay(search, type, link);
        if (isMany({ ...link, deleted: lost })) found.push(ofLinks(type, link, lost, !allEndsStay));
      }
      if (isLinkLike(type) && isMany(type) && (await keysOfGone(search, type)) < 0.2) found.push(ofResources(type));
    }
    return found;
  },
};

const isMany = ({ stored, inserted, deleted }: { stored: number; inserted: number; deleted: number }) =>
  deleted >= fewest && deleted >= many * stored && inserted <= fewCome * deleted;

const ofLinks = (type: CauseSubject, link: CauseLink, lost: number, endsGo: boolean): Finding => ({
  entityType: type.name,
  property: link.name,
  message: `${count(lost)} of ${amount(link.stored, 'link')} of ${link.name} ${some(lost, 'goes while both its', 'go while both their')} ends stay.`,
  examples: [link.table ?? link.name],
  counts: { lost, deleted: link.deleted, inserted: link.inserted, stored: link.stored },
  explains: [{ kind: 'link', property: link.id, operation: 'd', ...(endsGo ? { where: { endsStay: true } } : {}) }],
});

const ofResources = (type: CauseSubject): Finding => ({
  entityType: type.name,
  message: `${count(type.deleted)} of ${amount(type.stored, 'resource')} of ${type.name} ${some(type.deleted, 'goes while what it connects', 'go while what they connect')} stays.`,
  examples: [type.table],
  counts: { lost: type.deleted, inserted: type.inserted, stored: type.stored },
  explains: [{ kind: 'resource', type: type.id, operation: 'd' }],
});
