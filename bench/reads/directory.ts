import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../local/ports.ts';

const run = promisify(execFile);
export const suffix = 'dc=bench,dc=example';
export const reader = { dn: `cn=reader,${suffix}`, password: 'bench' };

/** An OpenLDAP with many people. It needs the Debian package slapd. */
export async function startDirectory(
  folder: string,
  entries: number,
): Promise<{ url: string; stop: () => Promise<void> }> {
  await mkdir(join(folder, 'db'), { recursive: true });
  const config = join(folder, 'slapd.conf');
  await writeFile(
    config,
    `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
maxsize 4294967296
suffix "${suffix}"
rootdn "${reader.dn}"
rootpw ${reader.password}
directory ${join(folder, 'db')}
index objectClass,entryUUID eq
`,
  );
  const ldif = join(folder, 'people.ldif');
  await writePeople(ldif, entries);
  await run('slapadd', ['-q', '-f', config, '-l', ldif]);
  const url = `ldap://127.0.0.1:${String(await freePort())}`;
  const server = spawn('slapd', ['-f', config, '-h', `${url}/`, '-d', '0'], { stdio: 'ignore' });
  const stop = async () => {
    if (server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    const answers = await run('ldapsearch', ['-x', '-H', url, '-s', 'base', '-b', '', '1.1']).then(
      () => true,
      () => false,
    );
    if (answers) return { url, stop };
    await sleep(100);
  }
  await stop();
  throw new Error('slapd does not answer');
}

async function writePeople(path: string, entries: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: Bench\ndc: bench\n\n`);
  for (let i = 0; i < entries; i++) {
    const uid = `user${String(i).padStart(7, '0')}`;
    const more = file.write(
      `dn: uid=${uid},${suffix}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: Given Family ${String(i)}\nsn: Family\ngivenName: Given\nmail: ${uid}@bench.example\nemployeeNumber: ${String(i)}\ntelephoneNumber: +45 ${String(i)}\ntitle: Title ${String(i % 50)}\n\n`,
    );
    if (!more) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}
