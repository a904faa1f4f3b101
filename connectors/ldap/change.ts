import { Attribute, Change as Modify, ResultCodeError, type Client, type Control } from 'ldapts';

/** One value list of an attribute that is changed. */
export interface Modification {
  /** `replace` with no values takes all of them away, and is success where there are none. */
  operation: 'add' | 'delete' | 'replace';
  attribute: string;
  values: readonly Buffer[];
}

/** A request that writes. */
export type Change =
  | { kind: 'add'; dn: string; attributes: readonly { attribute: string; values: readonly Buffer[] }[] }
  | { kind: 'modify'; dn: string; modifications: readonly Modification[]; controls?: readonly Control[] }
  /** `name`: only the first part where the parent stays. */
  | { kind: 'rename'; dn: string; name: string; controls?: readonly Control[] }
  | { kind: 'delete'; dn: string; controls?: readonly Control[] };

/** What a server answered. */
export interface Answer {
  /** RFC 4511, 4.1.9; 0 is success. */
  result: number;
  /** In the words of the server. They may hold values. */
  said: string;
}

/**
 * Sends a change once.
 * @returns undefined if something else came than an answer of the server
 */
export async function sendChange(client: Client, change: Change): Promise<Answer | undefined> {
  try {
    await send(client, change);
    return { result: 0, said: '' };
  } catch (error) {
    if (!(error instanceof ResultCodeError)) return undefined;
    return { result: error.code, said: error.message.replace(/ Code: 0x[0-9a-f]+$/, '') };
  }
}

function send(client: Client, change: Change): Promise<void> {
  if (change.kind === 'add') return client.add(change.dn, change.attributes.map(attributeOf));
  const controls = [...(change.controls ?? [])];
  if (change.kind === 'rename') return client.modifyDN(change.dn, change.name, controls);
  if (change.kind === 'delete') return client.del(change.dn, controls);
  const changes = change.modifications.map(
    (each) => new Modify({ operation: each.operation, modification: attributeOf(each) }),
  );
  return client.modify(change.dn, changes, controls);
}

const attributeOf = ({ attribute, values }: { attribute: string; values: readonly Buffer[] }) =>
  new Attribute({ type: attribute, values: [...values] });
