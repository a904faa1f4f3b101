import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const domain = 'DC=example,DC=org';
export const administrator = { name: 'administrator@example.org', password: 'Canary-9f3a-Samba' };

/**
 * A real domain controller of Samba in a folder of its own. Its ports cannot be chosen, so it listens on an address of its own
 * on loopback. Only root may do that.
 */
export class Samba {
  readonly address: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, address: string) {
    this.#folder = folder;
    this.address = address;
  }

  static async start(): Promise<Samba> {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-samba-'));
    const part = () => String(1 + Math.floor(Math.random() * 250));
    const samba = new Samba(folder, `127.${part()}.${part()}.${part()}`);
    try {
      await samba.#provision();
      await samba.#begin();
      return samba;
    } catch (error) {
      await samba.stop();
      throw error;
    }
  }

  get url(): string {
    return `ldap://${this.address}`;
  }

  async #provision(): Promise<void> {
    await run('samba-tool', [
      'domain',
      'provision',
      '--server-role=dc',
      '--dns-backend=NONE',
      `--targetdir=${join(this.#folder, 'dc')}`,
      '--realm=EXAMPLE.ORG',
      '--domain=EXAMPLE',
      '--host-name=dc1',
      `--adminpass=${administrator.password}`,
    ]);
  }

  async #begin(): Promise<void> {
    const options = [
      `interfaces=${this.address}/8`,
      'bind interfaces only=yes',
      'server services=ldap',
      'ldap server require strong auth=no',
      'tls enabled=no',
      `pid directory=${this.#folder}`,
      `log file=${join(this.#folder, 'log')}`,
    ];
    const child = spawn(
      'samba',
      [
        '-F',
        '--no-process-group',
        '-M',
        'single',
        '-s',
        join(this.#folder, 'dc', 'etc', 'smb.conf'),
        ...options.map((option) => `--option=${option}`),
      ],
      // samba ends when its input does
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    this.#process = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) throw new Error(`samba ended: ${said}`);
      if (await this.#answers()) return;
      await sleep(100);
    }
    throw new Error(`samba does not answer: ${said}`);
  }

  #answers(): Promise<boolean> {
    return run('ldapsearch', ['-x', '-H', this.url, '-s', 'base', '-b', '', '1.1']).then(
      () => true,
      () => false,
    );
  }

  /** Applies changes in LDIF. @throws Error if one is refused */
  async change(ldif: string): Promise<void> {
    const child = spawn('ldapmodify', ['-x', '-H', this.url, '-D', administrator.name, '-w', administrator.password], {
      stdio: 'pipe',
    });
    let err = '';
    child.stdout.resume();
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(ldif);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`ldapmodify: ${err}`);
  }

  /** What the server has, each value as its bytes, by names in small letters. @throws Error if it does not say */
  async list(
    base: string,
    filter: string,
    ...attributes: string[]
  ): Promise<{ dn: string; values: Map<string, Buffer[]> }[]> {
    const { stdout } = await run(
      'ldapsearch',
      [
        ...['-x', '-H', this.url, '-D', administrator.name, '-w', administrator.password],
        ...['-LLL', '-o', 'ldif-wrap=no', '-b', base, filter, ...attributes],
      ],
      { maxBuffer: 64 << 20 },
    );
    return stdout.split(/\n\n+/).flatMap((block) => {
      const values = new Map<string, Buffer[]>();
      for (const line of block.split('\n')) {
        const [, name = '', coded, value = ''] = /^([^:#]+):(:?) ?(.*)$/.exec(line) ?? [];
        if (name === '') continue;
        const bytes = Buffer.from(value, coded === ':' ? 'base64' : 'utf8');
        values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), bytes]);
      }
      const dn = values.get('dn')?.[0]?.toString();
      return dn === undefined ? [] : [{ dn, values }];
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
