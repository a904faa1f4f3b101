import type { Entry } from '../../entries/entry.ts';
import { normalName } from '../../entries/names.ts';
import { WriteError } from '../../write-package.ts';
import type { Change } from '../change.ts';
import { oids, permissiveModify } from '../controls.ts';
import { textsOf, type Directory } from '../directory.ts';
import { wholeEntries } from '../ranges.ts';
import type { LdapSettings } from '../settings.ts';
import { aimedAt, entryOfId, namesOfIds } from './lookup.ts';
import type { WriteSession } from './session.ts';

/** Values that are there already, or are not: by RFC 4511, and as Active Directory says it. */
const alreadySo = { add: [20, 68], delete: [16, 53] };

/** Changes members of one group, at most as many as one search asks for. */
export async function changeMembers(
  session: WriteSession,
  directory: Directory,
  settings: LdapSettings,
  operation: 'add' | 'delete',
  { group, members }: { group: Entry; members: readonly string[] },
): Promise<void> {
  const names = await namesOfIds(directory, settings.baseDN, members);
  if (operation === 'add' && members.some((id) => !names.has(id)))
    throw new WriteError('missing', 'An account that should be a member is no longer in the directory.');
  if (names.size === 0) return;
  const { dn, controls } = aimedAt(directory, group);
  const change = (values: readonly string[]): Change => ({
    kind: 'modify',
    dn,
    modifications: [
      { operation, attribute: settings.memberAttribute, values: values.map((each) => Buffer.from(each)) },
    ],
    controls: directory.root.controls.has(oids.permissiveModify) ? [...controls, permissiveModify()] : controls,
  });
  const all = change([...names.values()]);
  const answer = await session.send(directory, all);
  if (answer.result === 0) return;
  if (!alreadySo[operation].includes(answer.result)) throw session.refusal(answer, all);
  // the refusal had no effect; some are members already, or are none
  const present = new Set((await membersOf(directory, settings, dn)).map(normalName));
  const left = [...names.values()].filter((name) => present.has(normalName(name)) !== (operation === 'add'));
  if (left.length === names.size) throw session.refusal(answer, all);
  if (left.length > 0) await session.write(directory, change(left));
}

/** Names of all members of a group. */
async function membersOf(directory: Directory, settings: LdapSettings, dn: string): Promise<string[]> {
  const { memberAttribute } = settings;
  const { entries } = await directory.search({
    base: dn,
    scope: 'base',
    attributes: [memberAttribute, ...(directory.root.isActiveDirectory ? ['objectGUID'] : [])],
  });
  const [whole] = await wholeEntries(directory, entries, '');
  return whole ? textsOf(whole, memberAttribute) : [];
}

/** Names of all members of a group that has this id. @throws WriteError `missing` */
export async function memberNames(directory: Directory, settings: LdapSettings, id: string): Promise<string[]> {
  const group = await entryOfId(directory, settings.baseDN, id, []);
  if (!group) throw gone();
  return membersOf(directory, settings, aimedAt(directory, group).dn);
}

export const gone = (): WriteError => new WriteError('missing', 'The directory no longer has the entry.');
