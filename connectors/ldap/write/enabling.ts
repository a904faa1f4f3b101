import type { Entry } from '../../entries/entry.ts';
import { WriteError } from '../../write-package.ts';
import type { Modification } from '../change.ts';
import { textsOf } from '../directory.ts';
import type { LdapSettings } from '../settings.ts';

/** How a directory knows that an account is disabled. */
export interface Enabling {
  attribute: string;
  /** Null where the entry does not show it. */
  enabledOf(entry: Entry): boolean | null;
  /** Values that a new entry gets. */
  creation(enabled: boolean): string[];
  /** None where it is so already. */
  changes(entry: Entry, enabled: boolean): Modification[];
}

export function enablingOf({ disable }: LdapSettings): Enabling | undefined {
  if (disable === undefined) return undefined;
  if (disable === 'activeDirectory') return activeDirectory;
  // a lock of this time ends by a person alone (draft-behera-ldap-password-policy, 5.3.3)
  if (disable === 'passwordPolicy') return byValue('pwdAccountLockedTime', '000001010000Z');
  return byValue(disable.attribute, disable.value);
}

/** MS-ADTS 2.2.16 */
const disabledBit = 2;
const normalAccount = 512;

const activeDirectory: Enabling = {
  attribute: 'userAccountControl',
  enabledOf(entry) {
    const flags = flagsOf(entry);
    return flags === undefined ? null : (flags & disabledBit) === 0;
  },
  creation: (enabled) => [String(enabled ? normalAccount : normalAccount | disabledBit)],
  changes(entry, enabled) {
    const flags = flagsOf(entry);
    if (flags === undefined)
      throw new WriteError(
        'terminal',
        'The directory does not show userAccountControl, so its other bits are not known.',
        {
          field: 'userAccountControl',
        },
      );
    const wanted = enabled ? flags & ~disabledBit : flags | disabledBit;
    if (wanted === flags) return [];
    // fails if somebody else has changed another bit meanwhile
    return [
      { operation: 'delete', attribute: 'userAccountControl', values: [Buffer.from(String(flags))] },
      { operation: 'add', attribute: 'userAccountControl', values: [Buffer.from(String(wanted))] },
    ];
  },
};

function flagsOf(entry: Entry): number | undefined {
  const [text = ''] = textsOf(entry, 'userAccountControl');
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** Disabled as long as an attribute has a value; the directory may write it in other letters. */
function byValue(attribute: string, value: string): Enabling {
  const found = (entry: Entry) =>
    (entry.attributes.get(attribute.toLowerCase()) ?? []).find(
      (each) => each.toString('utf8').toLowerCase() === value.toLowerCase(),
    );
  return {
    attribute,
    enabledOf: (entry) => !found(entry),
    creation: (enabled) => (enabled ? [] : [value]),
    changes(entry, enabled) {
      const present = found(entry);
      if (enabled) return present ? [{ operation: 'delete', attribute, values: [present] }] : [];
      return present ? [] : [{ operation: 'replace', attribute, values: [Buffer.from(value)] }];
    },
  };
}
