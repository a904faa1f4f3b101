import { parseDuration } from '../../../domain/duration.ts';
import type { Outbound } from '../../outbound/index.ts';
import type { WriteCapabilities, WriteDescription, WritePackage } from '../../write-package.ts';
import { oids } from '../controls.ts';
import type { LdapSettings } from '../settings.ts';
import { checkProfile, isAttribute } from './check-profile.ts';
import { enablingOf } from './enabling.ts';
import { piece } from './lookup.ts';
import { isNameAttribute } from './names.ts';
import { WriteSession } from './session.ts';
import { isWriteOnly } from './values.ts';
import { LdapWriter } from './writer.ts';

export const ldapWriteDescription: WriteDescription<LdapSettings> = {
  name: 'ldap',
  // a change is a search, a new name, and new values
  requestTimeout: ({ timeout }) => 2 * parseDuration(timeout),
  capabilities: (settings, kind) => capabilitiesOf(settings, kind, kind === 'user' && settings.disable !== undefined),
  checkProfile,
};

/** Accounts and groups of OpenLDAP, Active Directory and other directories. */
export const createLdapWritePackage = (outbound: Outbound): WritePackage<LdapSettings> => ({
  ...ldapWriteDescription,
  async open(connection, { kind, attributes }, { pacer, signal } = {}) {
    const { settings } = connection;
    const session = new WriteSession({ outbound, connection, attributes, pacer, signal });
    try {
      const hasPolicies = await session.use(signal, ({ root }) =>
        Promise.resolve(root.controls.has(oids.passwordPolicy)),
      );
      // elsewhere, the value would lock nobody out
      const canDisable = settings.disable !== 'passwordPolicy' || hasPolicies;
      const enabling = kind === 'user' && canDisable ? enablingOf(settings) : undefined;
      const capabilities = capabilitiesOf(settings, kind, enabling !== undefined);
      return new LdapWriter({ session, settings, capabilities, kind, attributes, enabling });
    } catch (error) {
      await session.close();
      throw error;
    }
  },
});

const capabilitiesOf = (settings: LdapSettings, kind: 'user' | 'group', disable: boolean): WriteCapabilities => ({
  create: true,
  update: true,
  disable,
  enable: disable,
  delete: 'permanent',
  groups: true,
  nestedGroups: true,
  membersPerCall: piece,
  anchor: settings.anchor ?? null,
  canFind: (attribute) => isNameAttribute(attribute) || (isAttribute(attribute) && !isWriteOnly(attribute)),
  rules: (attribute) => ({
    immutable: false,
    required: isNameAttribute(attribute) || attribute.toLowerCase() === 'objectclass',
    writeOnly: isWriteOnly(attribute),
  }),
});
