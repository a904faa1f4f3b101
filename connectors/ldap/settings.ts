import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { tlsFilesShape } from '../outbound/tls-files.ts';
import { filterFault } from '../entries/filter.ts';
import { isName, isWithin, normalName } from '../entries/names.ts';

const name = (what: string) =>
  z
    .string(`${what} must be a distinguished name, like ou=people,dc=example,dc=org`)
    .min(1, `${what} must not be empty`)
    .refine(isName, `${what} is not a distinguished name. Write it like ou=people,dc=example,dc=org`);

const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1)]);

const duration = (what: string, least: number, most: number) =>
  z.string(`${what} must be a duration as text, like 60s`).refine(
    (text) => {
      try {
        const length = parseDuration(text);
        return length >= least && length <= most;
      } catch {
        return false;
      }
    },
    `${what} must be a duration from ${String(least / 1000)}s to ${String(most / 60_000)}m, like 60s`,
  );

const url = z.string().superRefine((text, context) => {
  const fault = urlFault(text);
  if (fault) context.addIssue({ code: 'custom', message: fault });
});

function urlFault(text: string): string | undefined {
  let parsed;
  try {
    parsed = new URL(text);
  } catch {
    return 'url must be like ldaps://directory.example.org';
  }
  if (!['ldap:', 'ldaps:'].includes(parsed.protocol)) return 'url must begin with ldaps:// or ldap://';
  if (parsed.hostname === '') return 'url must name a host';
  if (parsed.username !== '' || parsed.password !== '') return 'url must not hold a user; use bindDN and a secret';
  if (!['', '/'].includes(parsed.pathname) || parsed.search !== '' || parsed.hash !== '')
    return 'url must have a host and a port only; the base is baseDN';
  return undefined;
}

const tls = z.strictObject({
  startTls: z.boolean().default(false).describe('Begins TLS on the port of ldap:// before the login'),
  plaintext: z
    .boolean()
    .default(false)
    .describe('Allows ldap:// without TLS: passwords and entries can be read on the way'),
  ...tlsFilesShape,
  serverName: z.string().min(1).optional().describe('The name that the certificate must have, if it is not the host'),
});

const filter = z.string().superRefine((text, context) => {
  const fault = filterFault(text);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

const attribute = (what: string) =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, `${what} must be the name of an attribute`);

const canary = z.strictObject({
  dn: name('dn'),
  attributes: z
    .array(z.string().min(1))
    .default([])
    .describe('Attributes of which the entry must show a value, beside those of the key and the identity'),
});

const table = z.strictObject({
  base: oneOrMore(name('base')).optional().describe('Where the entries are. The default is baseDN'),
  exclude: z.array(name('exclude')).default([]).describe('Branches whose entries are left out'),
  scope: z.enum(['sub', 'one']).default('sub').describe('one: only the entries directly below the base'),
  filter: filter.default('(objectClass=*)').describe('Which entries, as RFC 4515 writes filters'),
  canary: z
    .union([z.literal('none'), z.array(canary).min(1)])
    .optional()
    .describe('Entries that must be seen, else nothing is deleted. none: the reader is trusted to see all'),
});

export const ldapSettings = z
  .strictObject({
    url: oneOrMore(url).describe('Servers of the directory. The first that answers is read'),
    bindDN: z.string().min(1).optional().describe('Who reads; a user principal name is possible in Active Directory'),
    sasl: z.literal('external').optional().describe('The login is the certificate of tls.cert'),
    baseDN: name('baseDN'),
    pageSize: z.int().min(1).max(10_000).default(500).describe('Most entries that are asked for at once'),
    timeout: duration('timeout', 1000, 15 * 60_000)
      .default('60s')
      .describe('How long one request may take'),
    overlap: duration('overlap', 1000, 24 * 60 * 60_000)
      .default('2m')
      .describe('changes: modifyTimestamp: how far before the last change the next read begins'),
    binaryAttributes: z
      .array(z.string().min(1))
      .default([])
      .describe('Attributes whose values are bytes, beside those that Syncline knows'),
    tls: tls.optional(),
    changes: z
      .enum(['syncrepl', 'dirsync', 'usn', 'modifyTimestamp', 'none'])
      .default('none')
      .describe('How the directory tells what has changed'),
    tables: z.record(z.string().min(1), table).default({}),
    disable: z
      .union([
        z.enum(['activeDirectory', 'passwordPolicy']),
        z.strictObject({ attribute: attribute('attribute'), value: z.string().min(1) }),
      ])
      .optional()
      .describe(
        'Writing: how an account is disabled. activeDirectory: bit 2 of userAccountControl; passwordPolicy: pwdAccountLockedTime; or the value that an attribute has then. Without it no account is disabled',
      ),
    anchor: attribute('anchor')
      .optional()
      .describe('Writing: the attribute for our own id of an account, such as employeeNumber'),
    memberAttribute: attribute('memberAttribute')
      .default('member')
      .describe('Writing: the attribute of a group that has the names of its members'),
    placeholderMember: name('placeholderMember')
      .optional()
      .describe('Writing: a name that every new group has among its members, where a group must have one'),
  })
  .superRefine((settings, context) => {
    const issue = (path: (string | number)[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    const urls = urlsOf(settings);
    const plain = urls.some((each) => /^ldap:/i.test(each));
    if (plain && settings.tls?.startTls !== true && settings.tls?.plaintext !== true)
      issue(['url'], 'ldap:// is not encrypted. Use ldaps://, or tls: { startTls: true }, or tls: { plaintext: true }');
    if (settings.tls?.startTls === true && settings.tls.plaintext)
      issue(['tls', 'plaintext'], 'use either startTls or plaintext');
    if (settings.sasl === 'external' && settings.tls?.cert === undefined)
      issue(['sasl'], 'sasl: external needs tls.cert and tls.key');
    if (settings.sasl === 'external' && settings.bindDN !== undefined) issue(['bindDN'], 'use either bindDN or sasl');
    if (settings.tls?.serverName !== undefined && isIP(settings.tls.serverName) !== 0)
      issue(['tls', 'serverName'], 'serverName must be a name, not an address');
    for (const [named, each] of Object.entries(settings.tables)) {
      const bases = (each.base === undefined ? [] : [each.base].flat()).map(normalName);
      const nested = bases.find((one, i) => bases.some((other, j) => i !== j && isWithin(one, other)));
      if (nested !== undefined && each.scope === 'sub')
        issue(['tables', named, 'base'], 'one base is below another, so its entries would come twice');
    }
  });

export type LdapSettings = z.infer<typeof ldapSettings>;

export const urlsOf = ({ url: urls }: { url: string | string[] }): string[] => [urls].flat();

/** One table, with the defaults of the connection. */
export interface Table {
  name: string;
  bases: string[];
  /** In their normal form. */
  exclude: string[];
  /** base: a single entry, never of the settings. */
  scope: 'sub' | 'one' | 'base';
  filter: string;
  canary: { dn: string; attributes: string[] }[] | 'none' | undefined;
  /** Whether the settings have it; else its name is an object class. */
  configured: boolean;
}

export function tableOf(settings: LdapSettings, table: string): Table {
  const found = Object.hasOwn(settings.tables, table) ? settings.tables[table] : undefined;
  return {
    name: table,
    bases: found?.base === undefined ? [settings.baseDN] : [found.base].flat(),
    exclude: (found?.exclude ?? []).map(normalName),
    scope: found?.scope ?? 'sub',
    filter: found?.filter ?? `(objectClass=${table})`,
    canary: found?.canary,
    configured: found !== undefined,
  };
}
