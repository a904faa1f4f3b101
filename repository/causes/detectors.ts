import type { Detector } from './detector.ts';
import { blankColumn } from './detect/blank-column.ts';
import { blankFile } from './detect/blank-file.ts';
import { booleanFormatChanged } from './detect/boolean-format-changed.ts';
import { branchMissing } from './detect/branch-missing.ts';
import { columnCopied } from './detect/column-copied.ts';
import { configurationChanged } from './detect/configuration-changed.ts';
import { dateFormatChanged } from './detect/date-format-changed.ts';
import { fileCutShort } from './detect/file-cut-short.ts';
import { firstSync } from './detect/first-sync.ts';
import { groupEmptied } from './detect/group-emptied.ts';
import { keysReissued } from './detect/keys-reissued.ts';
import { linksLost } from './detect/links-lost.ts';
import { manyRejected } from './detect/many-rejected.ts';
import { numberFormatChanged } from './detect/number-format-changed.ts';
import { propertyChangedEverywhere } from './detect/property-changed-everywhere.ts';
import { propertySetToOneValue } from './detect/property-set-to-one-value.ts';
import { restored } from './detect/restored.ts';
import { swappedHeaders } from './detect/swapped-headers.ts';
import { targetMissing } from './detect/target-missing.ts';
import { textFormChanged } from './detect/text-form-changed.ts';
import { unusualInserts } from './detect/unusual-inserts.ts';

/** One for each code. Their order does not matter: see rank.ts. */
export const detectors: readonly Detector[] = [
  blankColumn,
  blankFile,
  booleanFormatChanged,
  branchMissing,
  columnCopied,
  configurationChanged,
  dateFormatChanged,
  fileCutShort,
  firstSync,
  groupEmptied,
  keysReissued,
  linksLost,
  manyRejected,
  numberFormatChanged,
  propertyChangedEverywhere,
  propertySetToOneValue,
  restored,
  swappedHeaders,
  targetMissing,
  textFormChanged,
  unusualInserts,
];
