import type { ProfileProblem, ProfileShape } from '../../write-package.ts';
import type { LdapSettings } from '../settings.ts';
import { enablingOf } from './enabling.ts';
import { isNameAttribute } from './names.ts';
import { isWriteOnly } from './values.ts';

const attributeName = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/;

export const isAttribute = (attribute: string): boolean => attributeName.test(attribute);

/** The directory writes them, in small letters. */
const ofTheServer = new Set(
  `createtimestamp creatorsname distinguishedname entrycsn entrydn entryuuid hassubordinates memberof modifiersname
  modifytimestamp name nsuniqueid objectguid objectsid parentguid structuralobjectclass subschemasubentry usnchanged usncreated
  whenchanged whencreated`.split(/\s+/),
);

/** What is wrong with a profile for a directory. */
export function checkProfile(
  settings: LdapSettings,
  { kind, attributes, match, directoryNames = [] }: ProfileShape,
): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const disables = enablingOf(settings)?.attribute.toLowerCase();
  for (const attribute of new Set([...attributes, ...match])) {
    const isMapped = attributes.includes(attribute);
    const name = attribute.toLowerCase();
    const reserved = (why: string) =>
      problems.push({ code: 'reserved-attribute', attribute, detail: `${attribute} cannot be mapped. ${why}` });
    if (!isAttribute(attribute))
      problems.push({
        code: 'unknown-attribute',
        attribute,
        detail: `${attribute} is no name of an attribute of a directory.`,
      });
    else if (isMapped && name === disables) reserved('Disabling and enabling write it.');
    else if (isMapped && name === settings.memberAttribute.toLowerCase())
      reserved('The members of the profile write it.');
    else if (isMapped && ofTheServer.has(name)) reserved('The directory writes it.');
    else if (match.includes(attribute) && isWriteOnly(attribute))
      problems.push({
        code: 'capability-missing',
        attribute,
        detail: `A directory cannot be asked for accounts by ${attribute}.`,
      });
  }
  const has = (name: string) => attributes.some((each) => each.toLowerCase() === name);
  const name = attributes.find(isNameAttribute);
  if (name === undefined)
    problems.push({ code: 'required-missing', attribute: 'dn', detail: `A ${kind} needs a name. Map dn.` });
  else if (!directoryNames.includes(name))
    // a text would have to be escaped by whoever makes it, and a value that is not could name another branch
    problems.push({
      code: 'wrong-form',
      attribute: name,
      detail: `${name} must be a first part and a parent, not a text.`,
    });
  if (!has('objectclass'))
    problems.push({
      code: 'required-missing',
      attribute: 'objectClass',
      detail: `A ${kind} needs its object classes. Map objectClass to a value.`,
    });
  return problems;
}
