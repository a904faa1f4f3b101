import { WriteError, type Attributes } from '../../write-package.ts';
import type { Change } from '../change.ts';
import { isDirectoryName, isNameAttribute, nameOf } from './names.ts';
import type { Values } from './values.ts';

/** The request that makes an entry. @param own values besides those of the profile @throws WriteError */
export function creationOf(
  wanted: Attributes,
  own: readonly { attribute: string; values: readonly string[] }[],
  values: Values,
): Change {
  const dn = Object.entries(wanted).find(([attribute]) => isNameAttribute(attribute))?.[1];
  if (!isDirectoryName(dn))
    throw new WriteError('terminal', 'An entry needs a name: map dn.', { code: 'required-missing', field: 'dn' });
  const list = new Map<string, { attribute: string; values: Buffer[] }>();
  const add = (attribute: string, more: readonly Buffer[]) => {
    const { values: before } = list.get(attribute.toLowerCase()) ?? { values: [] };
    const added = more.filter((each) => !before.some((other) => other.equals(each)));
    if (before.length + added.length > 0)
      list.set(attribute.toLowerCase(), { attribute, values: [...before, ...added] });
  };
  for (const [attribute, value] of Object.entries(wanted))
    if (!isNameAttribute(attribute)) add(attribute, values.bytesOf(attribute, value));
  // servers ask for the values of the name among those of the entry (RFC 4511, 4.7)
  for (const [type, value] of Object.entries(dn.rdn)) {
    const has = list
      .get(type.toLowerCase())
      ?.values.some((each) => each.toString().toLowerCase() === value.toLowerCase());
    if (!has) add(type, [Buffer.from(value)]);
  }
  for (const { attribute, values: texts } of own)
    if (!list.has(attribute.toLowerCase()))
      add(
        attribute,
        texts.map((each) => Buffer.from(each)),
      );
  return { kind: 'add', dn: nameOf(dn), attributes: [...list.values()] };
}
