import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql, { type Connection } from 'mysql2/promise';
import { freePort } from '../../local/ports.ts';

const run = promisify(execFile);

export interface MariaDb {
  port: number;
  /** Of root, without a password. */
  root: Connection;
  stop: () => Promise<void>;
}

/** A MariaDB server in a temporary folder, on loopback. @param more options, such as certificates */
export async function startMariaDb(more: readonly string[] = []): Promise<MariaDb> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-mariadb-'));
  const { username } = userInfo();
  const common = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--user=${username}`];
  await run('mariadb-install-db', [...common, '--auth-root-authentication-method=normal', '--skip-test-db']);
  const port = await freePort();
  const child = spawn(
    '/usr/sbin/mariadbd',
    [
      ...common,
      `--port=${String(port)}`,
      `--socket=${join(folder, 'socket')}`,
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=0',
      ...more,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-4000)));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  for (;;)
    try {
      const root = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', multipleStatements: true });
      return {
        port,
        root,
        stop: async () => {
          await root.end();
          if (!ended()) {
            child.kill('SIGTERM');
            await once(child, 'exit');
          }
          await rm(folder, { recursive: true, force: true });
        },
      };
    } catch (error) {
      if (ended()) throw new Error(`mariadbd has ended: ${log}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
}
