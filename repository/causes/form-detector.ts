import type { CauseCode } from '../../domain/codes.ts';
import type { Detector, Finding, Search } from './detector.ts';
import { fewestOf } from './fewest.ts';
import type { FormName } from './forms.ts';
import type { PropertyChange } from './property-changes.ts';
import type { CauseSubject } from './subject.ts';

/** The part of the changes of a property that have to differ in form only. */
const mostOf = 0.8;

/** What is said of a property whose values have another form. */
export interface Reformed {
  property: string;
  form: FormName;
  /** Whether the property has the type that the form is of, and not string. */
  typed: boolean;
}

/** A detector of one or several forms, see forms.ts. */
export function formDetector({
  code,
  forms,
  says,
  rejected,
  accepts = () => true,
}: {
  code: CauseCode;
  forms: readonly FormName[];
  says: (reformed: Reformed) => string;
  rejected?: (search: Search) => Promise<Finding[]>;
  accepts?: (change: PropertyChange, form: FormName) => boolean;
}): Detector {
  return {
    code,
    async find(search) {
      const found = rejected ? await rejected(search) : [];
      for (const type of search.subjects)
        for (const change of await search.changesOf(type)) {
          const form = forms.find((each) => isReformed(type, change, each) && accepts(change, each));
          if (form) found.push(finding(type, change, form, says));
        }
      return found;
    },
  };
}

function isReformed({ stored, updated }: CauseSubject, change: PropertyChange, form: FormName): boolean {
  const { tried, of, lines } = change;
  const share = (change.forms[form] ?? 0) / Math.max(1, tried);
  return share >= mostOf && (share * lines * updated) / of >= fewestOf(stored);
}

function finding(
  type: CauseSubject,
  { property, lines, of, tried, forms }: PropertyChange,
  form: FormName,
  says: (reformed: Reformed) => string,
): Finding {
  const typed = type.properties.find(({ name }) => name === property)?.type !== 'string';
  return {
    entityType: type.name,
    property,
    message: says({ property, form, typed }),
    examples: [property],
    counts: {
      changed: Math.round((lines * type.updated) / of),
      tried,
      sameInAnotherForm: forms[form] ?? 0,
      stored: type.stored,
    },
    explains: [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: [property] } }],
  };
}
