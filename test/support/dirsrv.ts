import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../local/ports.ts';
import { admin, entry, suffix } from './slapd.ts';

const run = promisify(execFile);
const data = '/usr/share/dirsrv';
const folders = ['bak', 'db', 'ldif', 'lock', 'log', 'run', 'schema', 'tmp'] as const;

/** A real 389 Directory Server in a folder of its own, on loopback: without systemd, and without the programs that set it up. */
export class DirSrv {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.url = `ldap://127.0.0.1:${String(port)}`;
  }

  static async start(): Promise<DirSrv> {
    const server = new DirSrv(mkdtempSync(join(tmpdir(), 'syncline-389-')), await freePort());
    await server.#configure();
    await server.#begin();
    await server.change(
      entry(
        'cn=userRoot,cn=ldbm database,cn=plugins,cn=config',
        'objectClass: extensibleObject',
        'objectClass: nsBackendInstance',
        `nsslapd-suffix: ${suffix}`,
      ) +
        entry(
          `cn=${suffix.replace(/[=,]/g, '\\$&')},cn=mapping tree,cn=config`,
          'objectClass: extensibleObject',
          'objectClass: nsMappingTree',
          'nsslapd-state: backend',
          'nsslapd-backend: userRoot',
        ) +
        entry(suffix, 'objectClass: domain', 'dc: example'),
    );
    return server;
  }

  /** Runs a program of ldap-utils as the directory manager. */
  async run(program: string, args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
    const login = ['-x', '-H', this.url, '-D', admin.dn, '-w', admin.password];
    const shown = program === 'ldapsearch' ? ['-LLL', '-o', 'ldif-wrap=no'] : [];
    const child = run(program, [...login, ...shown, ...args], { maxBuffer: 64 << 20 });
    // a program that needs no input may have ended before
    child.child.stdin?.on('error', () => undefined).end(input);
    return child.then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (error: unknown) => {
        const { code = 1, stdout, stderr } = error as { code?: number; stdout: string; stderr: string };
        return { code, out: stdout, err: stderr };
      },
    );
  }

  /** Applies changes in LDIF. @throws Error if one is refused */
  async change(ldif: string): Promise<void> {
    const { code, err } = await this.run('ldapmodify', [], ldif);
    if (code !== 0) throw new Error(`ldapmodify: ${err}`);
  }

  /** How many connections there are, without the one that asks. */
  async connected(): Promise<number> {
    const { out } = await this.run('ldapsearch', ['-s', 'base', '-b', 'cn=monitor', 'currentconnections']);
    return Number(/^currentconnections: (\d+)$/m.exec(out)?.[1] ?? NaN) - 1;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The configuration that the package brings as a template, with places in the folder. */
  async #configure(): Promise<void> {
    const at = (name: string) => join(this.#folder, name);
    for (const name of folders) mkdirSync(at(name));
    await cp(join(data, 'schema'), at('schema'), { recursive: true });
    const { stdout } = await run('pwdhash', ['-s', 'SSHA512', admin.password]);
    const values: Record<string, string> = {
      ...Object.fromEntries(folders.map((name) => [`${name}_dir`, at(name)])),
      ...{ cert_dir: this.#folder, config_dir: this.#folder, inst_dir: this.#folder, db_home_dir: at('db') },
      ...{ db_lib: 'bdb', ds_passwd: stdout.trim(), ds_port: String(this.#port), ds_suffix: suffix },
      ...{ ds_user: userInfo().username, fqdn: 'localhost', ldapi: at('socket') },
      ...{ ldapi_autobind: 'off', ldapi_enabled: 'off', rootdn: admin.dn },
    };
    const template = readFileSync(join(data, 'data', 'template-dse.ldif'), 'utf8');
    const text = template.replace(/%([a-z_]+)%/g, (all, name: string) => values[name] ?? all);
    const listening = text.replace(/^nsslapd-port:.*$/m, '$&\nnsslapd-listenhost: 127.0.0.1');
    writeFileSync(at('dse.ldif'), tellingChanges(listening));
  }

  async #begin(): Promise<void> {
    // without a file of its own for the process id, it writes to /dev/null, and takes that from everybody else
    const args = ['-D', this.#folder, '-i', join(this.#folder, 'pid'), '-d', '0'];
    const child = spawn('/usr/sbin/ns-slapd', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4000)));
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) throw new Error(`ns-slapd ended: ${said}`);
      if ((await this.run('ldapsearch', ['-s', 'base', '-b', '', '1.1'])).code === 0) return;
      await sleep(100);
    }
    throw new Error(`ns-slapd does not answer: ${said}`);
  }
}

/** The configuration with the plugins of RFC 4533, which are off as the server is installed, and with the identities in its log. */
const tellingChanges = (configuration: string) =>
  configuration
    .split(/\n\n+/)
    .map((entry) => {
      const log = entry.startsWith('dn: cn=Retro Changelog Plugin,');
      if (!log && !entry.startsWith('dn: cn=Content Synchronization,')) return entry;
      const on = entry.replace('nsslapd-pluginenabled: off', 'nsslapd-pluginenabled: on');
      return log ? `${on}\nnsslapd-attribute: nsuniqueid:targetUniqueId` : on;
    })
    .join('\n\n');
