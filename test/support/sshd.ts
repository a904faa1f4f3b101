import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../local/ports.ts';

const run = promisify(execFile);

/** A real sshd on loopback for the user of the tests, with keys and settings of its own. It serves files and nothing else. */
export class Sshd {
  readonly folder: string;
  readonly port: number;
  readonly user = userInfo().username;
  /** As a file `.pub` has it. */
  hostKey = '';
  privateKey = '';
  /** A key that the server does not know. */
  strangeKey = '';
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async start(): Promise<Sshd> {
    const sshd = new Sshd(mkdtempSync(join(tmpdir(), 'syncline-sshd-')), await freePort());
    const at = (name: string) => join(sshd.folder, name);
    mkdirSync(at('files'));
    for (const name of ['host', 'user', 'stranger'])
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)]);
    await copyFile(at('user.pub'), at('authorized'));
    sshd.hostKey = (await readFile(at('host.pub'), 'utf8')).trim();
    sshd.privateKey = await readFile(at('user'), 'utf8');
    sshd.strangeKey = await readFile(at('stranger'), 'utf8');
    await writeFile(
      at('config'),
      `ListenAddress 127.0.0.1:${String(sshd.port)}
HostKey ${at('host')}
PidFile none
AuthorizedKeysFile ${at('authorized')}
PasswordAuthentication no
PermitRootLogin yes
StrictModes no
MaxStartups 100
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d ${at('')}
`,
    );
    // where root starts it, sshd wants an empty folder for its part without rights
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    await sshd.begin();
    return sshd;
  }

  async begin(): Promise<void> {
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(this.folder, 'config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
    for (let attempt = 0; attempt < 200; attempt++) {
      if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
      if (await answers(this.port)) return;
      await sleep(25);
    }
    throw new Error(`sshd does not answer: ${said}`);
  }

  path(name: string): string {
    return join(this.folder, 'files', name);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

/** A way to a server that can be cut. */
export async function startCuttable(target: number): Promise<{ port: number; cut(): void; stop(): Promise<void> }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    cut,
    async stop() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}
