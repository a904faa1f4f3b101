import type { DeleteMeaning } from '../../write-package.ts';
import type { ScimSettings } from '../settings.ts';
import type { ScimPath } from './paths.ts';

/**
 * Where services differ from RFC 7644, and why. Each difference is tested against a double that insists on it. The two services
 * themselves were not at hand.
 */
export interface Dialect {
  /** Attributes of a user and a group that a create is refused without. */
  required: Readonly<Record<'user' | 'group', readonly string[]>>;
  /** Attributes that only a create sets. */
  immutable: readonly string[];
  deleteMeans: DeleteMeaning;
  /** Whether one item of a list is changed by replacing the resource, since PATCH does not do it. */
  putsItems: boolean;
  /** A change of `active`. */
  activeOperation(active: boolean): object;
  /** Operations that remove members. */
  removeOperations(ids: readonly string[]): object[];
  /** Where and how accounts are looked for; undefined if they cannot be looked for by this attribute. */
  filterOf(path: ScimPath): { attribute: string; isVersion1: boolean } | undefined;
  /** Whether the text of an error is a code for a person that exists already, and the attribute that it means. */
  takenBy(detail: string): { attribute: string | undefined } | undefined;
}

/** A filter of one attribute is all that most services know. Of a list, any item counts; the caller compares again. */
const usualFilter = ({ extension, attribute, item, sub }: ScimPath): string =>
  `${extension === undefined ? '' : `${extension}:`}${attribute}${item ? '.value' : sub === undefined ? '' : `.${sub}`}`;

const rfc: Dialect = {
  required: { user: ['userName'], group: ['displayName'] },
  immutable: [],
  deleteMeans: 'permanent',
  putsItems: false,
  activeOperation: (active) => ({ op: 'replace', path: 'active', value: active }),
  removeOperations: (ids) => ids.map((id) => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` })),
  filterOf: (path) => ({ attribute: usualFilter(path), isVersion1: false }),
  takenBy: () => undefined,
};

const slackCodes: Readonly<Record<string, string | undefined>> = {
  email_taken: 'emails',
  username_taken: 'userName',
  user_creation_failed: undefined,
};

const dialects: Record<ScimSettings['dialect'], Dialect> = {
  rfc,
  slack: {
    ...rfc,
    // Slack refuses a user without an e-mail address
    required: { user: ['userName', 'emails'], group: ['displayName'] },
    immutable: ['externalId'],
    // DELETE deactivates; Slack deletes nobody
    deleteMeans: 'disables',
    // Slack writes ids without quotes here
    removeOperations: (ids) => ids.map((id) => ({ op: 'remove', path: `members[value eq ${id}]` })),
    // version 2 of the API has no filters; version 1 has, under names of its own
    filterOf({ attribute, extension }) {
      const name = extension === undefined ? { userName: 'username', emails: 'email' }[attribute] : undefined;
      return name === undefined ? undefined : { attribute: name, isVersion1: true };
    },
    // Slack has no scimType: the code is the text
    takenBy: (detail) => (Object.hasOwn(slackCodes, detail) ? { attribute: slackCodes[detail] } : undefined),
  },
  github: {
    ...rfc,
    required: { user: ['userName', 'externalId', 'displayName', 'emails'], group: ['displayName', 'externalId'] },
    // GitHub answers PATCH of emails[type eq "work"] with success, and changes nothing
    putsItems: true,
    // GitHub takes a change of active without a path
    activeOperation: (active) => ({ op: 'replace', value: { active } }),
    // GitHub names members that leave in a value, since it does not look into filters of a path
    removeOperations: (ids) => [{ op: 'remove', path: 'members', value: ids.map((value) => ({ value })) }],
    filterOf({ attribute, extension, item }) {
      const known = ['userName', 'externalId', 'id', 'displayName'];
      return extension === undefined && !item && known.includes(attribute)
        ? { attribute, isVersion1: false }
        : undefined;
    },
  },
};

export function dialectOf({ dialect, delete: meaning }: ScimSettings): Dialect {
  const found = dialects[dialect];
  return meaning === undefined ? found : { ...found, deleteMeans: meaning };
}
