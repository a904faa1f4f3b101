import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { promisify } from 'node:util';
import { StackError } from './stack-error.ts';

const execute = promisify(execFile);

/** Another user that runs Postgres' programs for root. */
export interface Account {
  uid: number;
  gid: number;
  /** Whether the folders lie behind one that is closed to the user, so that it needs the right to pass. */
  passes: boolean;
}

/**
 * Settles who runs Postgres' programs, which refuse root.
 * @param folder what holds the cluster; root opens it for passing
 * @param programs the folder with the programs
 * @returns undefined: this user
 * @throws StackError when this is root and no other user can take its place
 */
export async function settleAccount(folder: string, programs: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid, name } = await unprivilegedUser();
  chmodSync(folder, 0o711);
  for (const passes of [false, true]) {
    const account = { uid, gid, passes };
    if (await reaches(account, [folder, programs])) return account;
  }
  throw new StackError(
    `Postgres refuses to run as root, and the user ${name} cannot reach ${folder} and ${programs}: a folder above is closed to it.\n` +
      'Run npm start as a normal user, set SYNCLINE_DATA_DIR to a folder whose parents other users may enter ' +
      '(for example /var/lib/syncline), or set SYNCLINE_DATABASE_URL to use a Postgres of your own.',
  );
}

/** The command and options that run a program as the account. */
export function runAs(
  account: Account | undefined,
  command: string,
  args: readonly string[],
): { command: string; args: readonly string[]; uid?: number; gid?: number } {
  if (!account) return { command, args };
  const { uid, gid } = account;
  if (!account.passes) return { command, args, uid, gid };
  // Folders such as /root are closed to others. The account gets the right to pass them, and no other right of root.
  const change = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { command: 'setpriv', args: [...change, ...rights, command, ...args] };
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number; name: string }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = async (flag: string) => Number((await execute('id', [flag, name])).stdout);
      const [uid, gid] = [await id('-u'), await id('-g')];
      if (uid > 0 && gid > 0) return { uid, gid, name };
    } catch {
      // no such user
    }
  }
  throw new StackError(
    'Postgres refuses to run as root, and there is neither a user postgres nor a user nobody.\n' +
      'Run npm start as a normal user, or set SYNCLINE_DATABASE_URL to use a Postgres of your own.',
  );
}

async function reaches(account: Account, folders: readonly string[]): Promise<boolean> {
  const { command, args, ...ids } = runAs(account, '/bin/sh', [
    ...['-c', 'for folder in "$@"; do test -x "$folder" || exit 1; done', 'sh'],
    ...folders,
  ]);
  try {
    await execute(command, args, { ...ids, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
