import type { CauseCode } from './codes.ts';
import type { Meant } from './sync.ts';

export interface CauseAdvice {
  /** What to do, in a sentence or two. */
  hint: string;
  meant: Meant;
  /** Of causes that explain about the same changes, the one with the highest number says most. */
  specificity: number;
}

/** What each cause means for the decision. docs/reference/causes.md says the same in more words; a test compares them. */
export const causeAdvice: Record<CauseCode, CauseAdvice> = {
  restored: {
    hint: 'The source says again what it said before that sync. Resume if the source was repaired.',
    meant: 'often',
    specificity: 100,
  },
  'configuration-changed': {
    hint: 'Compare the two revisions of the connector. Resume if the new one is meant to have this effect; else correct it and reject.',
    meant: 'maybe',
    specificity: 95,
  },
  'first-sync': {
    hint: 'Nothing was stored before. Look at some of the rows and at the counts, then resume.',
    meant: 'often',
    specificity: 90,
  },
  'blank-file': {
    hint: 'Reject, and look at the export of the source: it wrote no rows.',
    meant: 'hardly-ever',
    specificity: 89,
  },
  'swapped-headers': {
    hint: 'Reject, and compare the header of the table with its columns.',
    meant: 'hardly-ever',
    specificity: 86,
  },
  'blank-column': {
    hint: 'Reject, and look at the export of the source: the column lost its values.',
    meant: 'hardly-ever',
    specificity: 85,
  },
  'column-copied': {
    hint: 'Reject, and look at the export of the source: it wrote one column into another.',
    meant: 'hardly-ever',
    specificity: 82,
  },
  'date-format-changed': {
    hint: 'Reject. Correct the export of the source, or set the `format` of the property.',
    meant: 'hardly-ever',
    specificity: 80,
  },
  'number-format-changed': {
    hint: 'Reject. Correct the export of the source, or set the type and `decimalSeparator` of the property.',
    meant: 'hardly-ever',
    specificity: 78,
  },
  'boolean-format-changed': {
    hint: 'Reject. Correct the export of the source, or set the type and `format` of the property.',
    meant: 'hardly-ever',
    specificity: 79,
  },
  'text-form-changed': {
    hint: 'The values say the same in another form. Check the encoding and the export of the source before you resume.',
    meant: 'maybe',
    specificity: 76,
  },
  'keys-reissued': {
    hint: 'The same objects come back under new keys, and lose their history. Resume only if the source really renamed them.',
    meant: 'maybe',
    specificity: 75,
  },
  'many-rejected': {
    hint: 'Reject, and look at the errors of the sync: rows were left out because they could not be read.',
    meant: 'hardly-ever',
    specificity: 74,
  },
  'file-cut-short': {
    hint: 'Reject, and look at the source: its file ends too early.',
    meant: 'hardly-ever',
    specificity: 72,
  },
  'group-emptied': {
    hint: 'Ask the owner of the group. Refuse these deletes if nobody emptied it on purpose.',
    meant: 'maybe',
    specificity: 64,
  },
  'branch-missing': {
    hint: 'Ask the owner of the branch whether it was closed. Reject if the export left it out.',
    meant: 'maybe',
    specificity: 70,
  },
  'target-missing': {
    hint: 'Reject, and look at the table of the targets: other rows still refer to what it no longer has.',
    meant: 'hardly-ever',
    specificity: 66,
  },
  'links-lost': {
    hint: 'Reject, and look at the table of the links: the objects at both ends stay.',
    meant: 'hardly-ever',
    specificity: 60,
  },
  'unusual-inserts': {
    hint: 'Look at the inserted rows. Refuse them if they are headers, totals or test data.',
    meant: 'hardly-ever',
    specificity: 58,
  },
  'property-set-to-one-value': {
    hint: 'Check in the source whether all these objects really have one value now. Reject if a job wrote a default value.',
    meant: 'maybe',
    specificity: 50,
  },
  'property-changed-everywhere': {
    hint: 'Check in the source who changed this property of nearly all objects. Reject if nobody meant to.',
    meant: 'maybe',
    specificity: 40,
  },
};
