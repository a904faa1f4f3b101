import type { Entry } from '../../entries/entry.ts';
import { allOf, equals } from '../../entries/filter.ts';
import {
  WriteError,
  type AccountWriter,
  type Attributes,
  type TargetAccount,
  type WriteCapabilities,
} from '../../write-package.ts';
import type { Change } from '../change.ts';
import { textsOf, type Directory } from '../directory.ts';
import type { LdapSettings } from '../settings.ts';
import { creationOf } from './creation.ts';
import { differencesOf } from './differences.ts';
import type { Enabling } from './enabling.ts';
import { aimedAt, entryOfId, entryOfName, findEntries, idOf, idsOfNames } from './lookup.ts';
import { changeMembers, gone, memberNames } from './members.ts';
import { isDirectoryName, isNameAttribute, nameOf, partsOf } from './names.ts';
import type { WriteSession } from './session.ts';
import { isWriteOnly, valuesBy, type Values } from './values.ts';

/** What comes back of a look-up. Two already mean that a person has to decide. */
const mostFound = 10;

export interface LdapWriterParts {
  session: WriteSession;
  settings: LdapSettings;
  capabilities: WriteCapabilities;
  kind: 'user' | 'group';
  /** That the profile maps. */
  attributes: readonly string[];
  /** Undefined for groups, and where no account is disabled. */
  enabling: Enabling | undefined;
}

/** Writes users or groups of one directory. */
export class LdapWriter implements AccountWriter {
  readonly capabilities: WriteCapabilities;
  readonly #parts: LdapWriterParts;
  readonly #session: WriteSession;
  readonly #base: string;
  readonly #values: Values;
  /** Attributes that an account is read with. */
  readonly #shown: readonly string[];

  constructor(parts: LdapWriterParts) {
    this.#parts = parts;
    this.#session = parts.session;
    this.capabilities = parts.capabilities;
    this.#base = parts.settings.baseDN;
    this.#values = valuesBy(parts.settings.binaryAttributes);
    const { anchor } = parts.capabilities;
    const own = [parts.enabling?.attribute, anchor].filter((each) => typeof each === 'string');
    const mapped = parts.attributes.filter((each) => !isNameAttribute(each) && !isWriteOnly(each));
    this.#shown = [...new Set([...mapped, ...own])];
  }

  find(match: readonly Attributes[], signal?: AbortSignal): Promise<TargetAccount[]> {
    return this.#session.use(signal, async (directory) => {
      for (const wanted of match) {
        const found = await this.#findOne(directory, wanted);
        if (found.length > 0) return found.slice(0, mostFound).map((each) => this.#accountOf(directory, each));
      }
      return [];
    });
  }

  async #findOne(directory: Directory, wanted: Attributes): Promise<Entry[]> {
    const pairs = Object.entries(wanted);
    const name = pairs.find(([attribute]) => isNameAttribute(attribute))?.[1];
    const filters = [];
    for (const [attribute, value] of pairs) {
      if (isNameAttribute(attribute)) continue;
      const bytes = this.#values.bytesOf(attribute, value);
      if (bytes.length === 0) return [];
      if (!this.capabilities.canFind(attribute))
        throw new WriteError('terminal', `The directory cannot be asked for accounts by ${attribute}.`, {
          code: 'capability-missing',
          field: attribute,
        });
      filters.push(...bytes.map((each) => equals(attribute, each)));
    }
    if (isDirectoryName(name)) {
      const filter = filters.length > 0 ? allOf(...filters) : undefined;
      const found = await entryOfName(directory, nameOf(name), this.#shown, filter);
      return found ? [found] : [];
    }
    if (filters.length === 0 || filters.length < pairs.length) return [];
    return findEntries(directory, this.#base, allOf(...filters), this.#shown, mostFound);
  }

  readById(id: string, signal?: AbortSignal): Promise<TargetAccount | null> {
    return this.#session.use(signal, async (directory) => {
      const found = await entryOfId(directory, this.#base, id, this.#shown);
      return found ? this.#accountOf(directory, found) : null;
    });
  }

  create(
    attributes: Attributes,
    { anchor, enabled = true }: { anchor: string | null; enabled?: boolean },
    signal?: AbortSignal,
  ): Promise<{ id: string }> {
    const { enabling, kind, settings } = this.#parts;
    return this.#session.use(signal, async (directory) => {
      if (!enabled) requireEnabling(enabling);
      const own = [];
      if (enabling) own.push({ attribute: enabling.attribute, values: enabling.creation(enabled) });
      if (anchor !== null && settings.anchor !== undefined) own.push({ attribute: settings.anchor, values: [anchor] });
      if (kind === 'group' && settings.placeholderMember !== undefined)
        own.push({ attribute: settings.memberAttribute, values: [settings.placeholderMember] });
      const change = creationOf(attributes, own, this.#values);
      await this.#session.write(directory, change);
      const id = await idOfMade(directory, change);
      if (id === undefined)
        throw new WriteError('unknown', 'The directory made the entry, and then did not show its identity.');
      return { id };
    });
  }

  update(id: string, differences: Attributes, signal?: AbortSignal): Promise<void> {
    const names = Object.keys(differences).filter((each) => !isNameAttribute(each));
    if (Object.keys(differences).length === 0) return Promise.resolve();
    return this.#session.use(signal, async (directory) => {
      const entry = await this.#mustHave(directory, id, names);
      const { rename, modifications } = differencesOf(entry, differences, this.#values);
      // first, since it fails more often: then nothing has changed. Samba renames by names only
      if (rename !== undefined) await this.#rename(directory, id, { kind: 'rename', dn: entry.dn, name: rename });
      if (modifications.length === 0) return;
      const now = rename === undefined ? entry : await this.#mustHave(directory, id, []);
      // no controls: with that of the identity, OpenLDAP refuses every change that its overlay unique looks at
      await this.#session.write(directory, { kind: 'modify', dn: aimedAt(directory, now).dn, modifications });
    });
  }

  /** The directory says in one way that the entry is gone, and that its new parent is. */
  async #rename(directory: Directory, id: string, change: Change): Promise<void> {
    try {
      await this.#session.write(directory, change);
    } catch (error) {
      if (!(error instanceof WriteError) || error.kind !== 'missing') throw error;
      await this.#mustHave(directory, id, []);
      throw new WriteError('terminal', 'The directory has no entry where the account should be moved to.', {
        field: 'dn',
        cause: error,
      });
    }
  }

  disable(id: string, signal?: AbortSignal): Promise<void> {
    return this.#enable(id, false, signal);
  }

  enable(id: string, signal?: AbortSignal): Promise<void> {
    return this.#enable(id, true, signal);
  }

  #enable(id: string, enabled: boolean, signal: AbortSignal | undefined): Promise<void> {
    return this.#session.use(signal, async (directory) => {
      const enabling = requireEnabling(this.#parts.enabling);
      const entry = await this.#mustHave(directory, id, [enabling.attribute]);
      const modifications = enabling.changes(entry, enabled);
      if (modifications.length > 0)
        await this.#session.write(directory, { kind: 'modify', ...aimedAt(directory, entry), modifications });
    });
  }

  delete(id: string, signal?: AbortSignal): Promise<void> {
    return this.#session.use(signal, async (directory) => {
      const entry = await this.#mustHave(directory, id, []);
      await this.#session.write(directory, { kind: 'delete', ...aimedAt(directory, entry) });
    });
  }

  async *members(id: string, signal?: AbortSignal): AsyncGenerator<string[]> {
    const { settings, capabilities } = this.#parts;
    const names = await this.#session.use(signal, (directory) => memberNames(directory, settings, id));
    for (let at = 0; at < names.length; at += capabilities.membersPerCall) {
      const some = names.slice(at, at + capabilities.membersPerCall);
      const ids = await this.#session.use(signal, (directory) => idsOfNames(directory, this.#base, some));
      if (ids.length > 0) yield ids;
    }
  }

  addMembers(id: string, members: readonly string[], signal?: AbortSignal): Promise<void> {
    return this.#changeMembers('add', id, members, signal);
  }

  removeMembers(id: string, members: readonly string[], signal?: AbortSignal): Promise<void> {
    return this.#changeMembers('delete', id, members, signal);
  }

  async #changeMembers(
    operation: 'add' | 'delete',
    id: string,
    members: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { settings, capabilities } = this.#parts;
    if (members.length === 0) return;
    await this.#session.use(signal, async (directory) => {
      const group = await this.#mustHave(directory, id, []);
      for (let at = 0; at < members.length; at += capabilities.membersPerCall) {
        const some = members.slice(at, at + capabilities.membersPerCall);
        await changeMembers(this.#session, directory, settings, operation, { group, members: some });
      }
    });
  }

  async #mustHave(directory: Directory, id: string, attributes: readonly string[]): Promise<Entry> {
    const found = await entryOfId(directory, this.#base, id, attributes);
    if (!found) throw gone();
    return found;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #accountOf(directory: Directory, entry: Entry): TargetAccount {
    const { attributes, enabling, settings } = this.#parts;
    const values = attributes.map((each): [string, Attributes[string]] => [
      each,
      isNameAttribute(each) ? partsOf(entry.dn) : isWriteOnly(each) ? null : this.#values.valueOf(entry, each),
    ]);
    const [anchor = null] = settings.anchor === undefined ? [] : textsOf(entry, settings.anchor);
    const id = idOf(directory, entry);
    if (id === undefined) throw new WriteError('terminal', 'The directory does not show the identity of an entry.');
    return {
      id,
      attributes: Object.fromEntries(values.filter(([, value]) => value !== null)),
      enabled: enabling ? enabling.enabledOf(entry) : null,
      anchor,
    };
  }
}

/** It was made: whatever goes wrong now leaves open which id it has. */
async function idOfMade(directory: Directory, { dn }: Change): Promise<string | undefined> {
  try {
    const entry = await entryOfName(directory, dn, []);
    return entry && idOf(directory, entry);
  } catch {
    return undefined;
  }
}

function requireEnabling(enabling: Enabling | undefined): Enabling {
  if (enabling) return enabling;
  throw new WriteError('terminal', 'No account is disabled here: settings.disable does not say how.', {
    code: 'capability-missing',
  });
}
