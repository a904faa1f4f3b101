import { text } from 'node:stream/consumers';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';

/** What the process says. */
export interface Told {
  entries: number;
  certified: boolean;
  /** Bytes of memory. */
  grown: number;
}

/** A process of its own that reads the table `people`, and says by how much its memory has grown meanwhile. */
const allow = parseOutboundAllow('127.0.0.1');
if (typeof allow === 'string') throw new Error(allow);
const adapter = createLdapPackage({ allow, secretFolders: [] });
const { settings, password } = JSON.parse(await text(process.stdin)) as { settings: unknown; password: string };
const connection = { name: 'directory', settings: adapter.settings.parse(settings), secrets: { password } };
const before = process.memoryUsage().rss;
const told: Told = { entries: 0, certified: false, grown: 0 };
const wanted = { columns: ['uid', 'cn', 'description', 'entryUUID'], key: ['uid'], identity: 'entryUUID' };
for await (const event of adapter.read(connection, { table: 'people', tables: ['people'], mode: 'complete', wanted })) {
  if (event.kind === 'structured') told.entries += event.records.length;
  if (event.kind === 'end') told.certified = event.certificate.certified;
  told.grown = Math.max(told.grown, process.memoryUsage().rss - before);
}
process.stdout.write(JSON.stringify(told));
