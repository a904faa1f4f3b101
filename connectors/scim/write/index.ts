import { parseDuration } from '../../../domain/duration.ts';
import { openWriting, type WebPackageOptions } from '../../web/open.ts';
import type {
  ProfileProblem,
  ProfileShape,
  WriteCapabilities,
  WriteDescription,
  WritePackage,
} from '../../write-package.ts';
import type { ScimSettings } from '../settings.ts';
import { dialectOf } from './dialects.ts';
import { parsePath } from './paths.ts';
import { WritingService, type ServiceConfig } from './service.ts';
import { ScimWriter } from './writer.ts';

const known = {
  user: new Set(
    'userName externalId name displayName nickName profileUrl title userType preferredLanguage locale timezone password emails phoneNumbers ims photos addresses entitlements roles x509Certificates'.split(
      ' ',
    ),
  ),
  group: new Set(['displayName', 'externalId']),
};

/** What orders of their own change, or the service alone. */
const reserved = new Set('id meta schemas active groups members'.split(' '));

/** Many services cut longer lists, or refuse them. */
const membersPerCall = 100;

export const scimWriteDescription: WriteDescription<ScimSettings> = {
  name: 'scim',
  requestTimeout: ({ timeout }) => parseDuration(timeout),
  capabilities: (settings, kind) => capabilitiesOf(settings, kind),
  checkProfile,
};

/** Users and groups of SCIM services. */
export const createScimWritePackage = (options: WebPackageOptions): WritePackage<ScimSettings> => ({
  ...scimWriteDescription,
  async open(connection, { kind, attributes }, { pacer, signal } = {}) {
    const { settings } = connection;
    const timeout = parseDuration(settings.timeout);
    const limits = { headers: timeout, silence: timeout, total: timeout, ...options.limits };
    const client = await openWriting({ ...options, limits }, connection);
    try {
      const endpoint = kind === 'user' ? 'Users' : 'Groups';
      const service = new WritingService(client, settings, endpoint, attributes, pacer);
      const config = await service.config(signal);
      const capabilities = capabilitiesOf(settings, kind, config);
      return new ScimWriter({ service, config, capabilities, kind, attributes, close: () => client.close() });
    } catch (error) {
      await client.close();
      throw error;
    }
  },
});

function capabilitiesOf(settings: ScimSettings, kind: 'user' | 'group', config?: ServiceConfig): WriteCapabilities {
  const dialect = dialectOf(settings);
  return {
    create: true,
    update: true,
    disable: kind === 'user',
    enable: kind === 'user',
    // groups are never disabled
    delete: kind === 'group' && dialect.deleteMeans === 'disables' ? 'permanent' : dialect.deleteMeans,
    groups: true,
    nestedGroups: settings.dialect === 'rfc',
    membersPerCall,
    anchor: 'externalId',
    canFind(attribute) {
      const path = parsePath(attribute);
      return config?.filter !== false && path !== undefined && dialect.filterOf(path) !== undefined;
    },
    rules(attribute) {
      const name = parsePath(attribute)?.attribute ?? attribute;
      return {
        immutable: dialect.immutable.includes(name),
        required: dialect.required[kind].includes(name),
        writeOnly: name === 'password',
      };
    },
  };
}

function checkProfile(settings: ScimSettings, { kind, attributes, match }: ProfileShape): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  for (const attribute of [...new Set([...attributes, ...match])]) {
    const path = parsePath(attribute);
    const isCore = path?.extension === undefined;
    if (path && isCore && reserved.has(path.attribute))
      problems.push({
        code: 'reserved-attribute',
        attribute,
        detail: `${attribute} cannot be mapped. ${path.attribute === 'active' ? 'Disabling and enabling write active.' : 'Orders of their own, or the service, write it.'}`,
      });
    else if (!path || (isCore && !known[kind].has(path.attribute)))
      problems.push({
        code: 'unknown-attribute',
        attribute,
        detail: `${attribute} is no attribute of a ${kind} in SCIM. Attributes of an extension begin with its URN.`,
      });
  }
  const usual = capabilitiesOf(settings, kind);
  for (const attribute of match)
    if (parsePath(attribute) && !usual.canFind(attribute))
      problems.push({
        code: 'capability-missing',
        attribute,
        detail: `A service with dialect: ${settings.dialect} cannot be asked for accounts by ${attribute}.`,
      });
  const names = attributes.map((each) => parsePath(each)?.attribute);
  for (const attribute of dialectOf(settings).required[kind])
    // a create writes externalId itself
    if (attribute !== 'externalId' && !names.includes(attribute))
      problems.push({
        code: 'required-missing',
        attribute,
        detail: `The service refuses a ${kind} without ${attribute}. Map it.`,
      });
  return problems;
}
