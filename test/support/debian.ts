import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Servers and programs that tests run against, each with a file that its Debian package brings. */
const packages = {
  slapd: '/usr/sbin/slapd',
  'ldap-utils': '/usr/bin/ldapsearch',
  'postgresql-client': '/usr/bin/psql',
  '389-ds-base': '/usr/sbin/ns-slapd',
  'samba-ad-dc': '/usr/sbin/samba',
  'samba-ad-provision': '/usr/share/samba/setup/provision.ldif',
  'samba-dsdb-modules': '/usr/share/doc/samba-dsdb-modules',
  'mariadb-server': '/usr/sbin/mariadbd',
  'openssh-server': '/usr/sbin/sshd',
  'python3-venv': '/usr/share/doc/python3-venv',
  maven: '/usr/bin/mvn',
  chromium: '/usr/bin/chromium',
  'libreoffice-calc-nogui': '/usr/bin/soffice',
  'python3-uno': '/usr/lib/libreoffice/program/pyuno.so',
} as const;
export type DebianPackage = keyof typeof packages;

/**
 * Whether the machine has the packages. In CI, or where `SYNCLINE_TEST_INSTALL` is set, they are installed if they are missing,
 * and a machine that cannot install them fails the tests. Elsewhere nothing is installed: the caller skips, and the name of the
 * test says what to install.
 * @throws Error in CI, if they cannot be installed
 */
export async function hasDebian(...names: DebianPackage[]): Promise<boolean> {
  const missing = () => names.filter((name) => !existsSync(packages[name]));
  if (missing().length === 0) return true;
  if (process.env['CI'] === undefined && process.env['SYNCLINE_TEST_INSTALL'] === undefined) return false;
  // several test files ask at once; services are not started, since each test starts its own
  const script = `export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; made=1; }
    apt-get install -y -qq --no-install-recommends ${missing().join(' ')}; code=$?
    [ -z "\${made:-}" ] || rm -f /usr/sbin/policy-rc.d
    exit $code`;
  await run('flock', ['/tmp/syncline-test-install.lock', 'sh', '-c', script], { maxBuffer: 64 << 20 });
  const left = missing();
  if (left.length > 0) throw new Error(`apt-get did not bring ${left.join(', ')}.`);
  return true;
}

/** What a skipped test says. */
export const needs = (...names: DebianPackage[]): string => `needs: apt-get install ${names.join(' ')}`;
