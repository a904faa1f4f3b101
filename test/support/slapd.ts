import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../local/ports.ts';

export interface SlapdOptions {
  /** Lines of slapd.conf before the database, such as `sizelimit 3`. */
  global?: string;
  /** Lines of the database, behind the overlay of changes. */
  database?: string;
  /** How many changes the server remembers; 0: it tells what is still there in place of what is gone. */
  sessionLog?: number;
  /** Files in PEM, for ldaps:// and StartTLS. */
  tls?: { ca: string; cert: string; key: string } | undefined;
}

export const suffix = 'dc=example,dc=org';
export const admin = { dn: `cn=admin,${suffix}`, password: 'canary-slapd-7c1d' };

/** A real slapd in a folder of its own, on loopback. */
export class Slapd {
  readonly port: number;
  readonly tlsPort: number;
  readonly folder: string;
  #options: SlapdOptions;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, tlsPort: number, options: SlapdOptions) {
    this.folder = folder;
    this.port = port;
    this.tlsPort = tlsPort;
    this.#options = options;
  }

  static async start(options: SlapdOptions = {}): Promise<Slapd> {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-slapd-'));
    const slapd = new Slapd(folder, await freePort(), await freePort(), options);
    await mkdir(join(folder, 'db'));
    await slapd.begin();
    await slapd.change(
      entry(suffix, 'objectClass: dcObject', 'objectClass: organization', 'o: Example', 'dc: example'),
    );
    return slapd;
  }

  get url(): string {
    return `ldap://127.0.0.1:${String(this.port)}`;
  }

  get tlsUrl(): string {
    return `ldaps://localhost:${String(this.tlsPort)}`;
  }

  /** Starts the server on its folder, with what changes in its configuration. */
  async begin(changes: SlapdOptions = {}): Promise<void> {
    this.#options = { ...this.#options, ...changes };
    const file = join(this.folder, 'slapd.conf');
    writeFileSync(file, this.#configuration());
    const listen = `${this.url}/${this.#options.tls ? ` ldaps://127.0.0.1:${String(this.tlsPort)}/` : ''}`;
    const child = spawn('/usr/sbin/slapd', ['-f', file, '-h', listen, '-d', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    for (let attempt = 0; attempt < 200; attempt++) {
      if (child.exitCode !== null) throw new Error(`slapd ended: ${said}`);
      const { code } = await this.run('ldapsearch', ['-s', 'base', '-b', '', '1.1']);
      if (code === 0) return;
      await sleep(50);
    }
    throw new Error(`slapd does not answer: ${said}`);
  }

  /** Ends the server, and keeps what it has. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a program of ldap-utils as the administrator. */
  async run(
    program: string,
    args: string[] = [],
    input = '',
  ): Promise<{ code: number | null; out: string; err: string }> {
    const login = ['-x', '-H', this.url, ...(program === 'ldapsearch' ? ['-LLL', '-o', 'ldif-wrap=no'] : [])];
    const as = args.includes('-D') ? [] : ['-D', admin.dn, '-w', admin.password];
    const child = spawn(program, [...login, ...as, ...args], { stdio: 'pipe' });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    // a program that needs no input may have ended before
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, err };
  }

  /** Applies changes in LDIF. @throws Error if one is refused */
  async change(ldif: string, ...args: string[]): Promise<void> {
    const { code, err } = await this.run('ldapmodify', args, ldif);
    if (code !== 0) throw new Error(`ldapmodify: ${err}`);
  }

  /** Loads very many entries while the server is ended: each is LDIF that adds one. */
  async load(entries: Iterable<string>): Promise<void> {
    await this.end();
    const ldif = join(this.folder, 'load.ldif');
    // slapadd takes content, not changes
    const content = function* () {
      for (const each of entries) yield each.replaceAll('changetype: add\n', '');
    };
    await writeFile(ldif, content());
    await promisify(execFile)('/usr/sbin/slapadd', ['-q', '-f', join(this.folder, 'slapd.conf'), '-l', ldif]);
    await rm(ldif);
    await this.begin();
  }

  /** Removes the entries below the suffix. The suffix stays: slapd 2.5 ends if one is deleted that it does not have. */
  async clear(): Promise<void> {
    const { out } = await this.run('ldapsearch', ['-s', 'one', '-M', '-b', suffix, '1.1']);
    const names = readLdif(out).map(({ dn }) => dn);
    if (names.length > 0) await this.run('ldapdelete', ['-r', '-M', ...names]);
  }

  /** What the server has, as LDIF. */
  async list(base: string, filter: string, ...attributes: string[]): Promise<string> {
    const { code, out, err } = await this.run('ldapsearch', ['-b', base, filter, ...attributes]);
    if (code !== 0) throw new Error(`ldapsearch: ${err}`);
    return out;
  }

  /** A number that the server counts, such as `cn=Operations` or `cn=Current,cn=Connections`. */
  async count(name: string): Promise<number> {
    const { out } = await this.run('ldapsearch', ['-s', 'base', '-b', `${name},cn=Monitor`, '+']);
    return Number(/^(?:monitorCounter|monitorOpInitiated): (\d+)$/m.exec(out)?.[1] ?? NaN);
  }

  #configuration(): string {
    const { global = '', database = '', sessionLog = 0, tls } = this.#options;
    return `${['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`).join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload back_monitor
moduleload syncprov
pidfile ${join(this.folder, 'pid')}
${tls ? `TLSCACertificateFile ${tls.ca}\nTLSCertificateFile ${tls.cert}\nTLSCertificateKeyFile ${tls.key}\nTLSVerifyClient try` : ''}
${global}
database mdb
suffix "${suffix}"
rootdn "${admin.dn}"
rootpw ${admin.password}
directory ${join(this.folder, 'db')}
maxsize 1073741824
dbnosync
index objectClass,entryUUID,entryCSN,uid,modifyTimestamp eq
overlay syncprov
${sessionLog > 0 ? `syncprov-sessionlog ${String(sessionLog)}` : ''}
${database}
database monitor
access to * by * read
`;
  }
}

/** An entry, as LDIF that adds it. */
export const entry = (dn: string, ...lines: string[]): string => `dn: ${dn}\nchangetype: add\n${lines.join('\n')}\n\n`;

export const unit = (name: string, parent = suffix): string =>
  entry(`ou=${name},${parent}`, 'objectClass: organizationalUnit', `ou: ${name}`);

export const person = (uid: string, cn = `Person ${uid}`, parent = `ou=people,${suffix}`): string =>
  entry(`uid=${uid},${parent}`, 'objectClass: inetOrgPerson', `uid: ${uid}`, `cn: ${cn}`, 'sn: Surname');

/** Reads LDIF of ldapsearch: the DN and the values of each entry, by names in small letters. */
export function readLdif(text: string): { dn: string; values: Map<string, string[]> }[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.includes('dn:'))
    .map((block) => {
      const values = new Map<string, string[]>();
      for (const line of block.split('\n').filter((each) => each !== '')) {
        const [, name = '', coded, value = ''] = /^([^:]+):(:?) ?(.*)$/.exec(line) ?? [];
        const text_ = coded === ':' ? Buffer.from(value, 'base64').toString('utf8') : value;
        values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), text_]);
      }
      return { dn: values.get('dn')?.[0] ?? '', values };
    });
}
