import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDebian, needs } from '../support/debian.ts';
import { admin, person, Slapd, suffix, unit } from '../support/slapd.ts';
import type { Told } from './ldap-many-entries.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const people = `ou=people,${suffix}`;
const many = 100_000;

describe.skipIf(!ready)(ready ? 'a directory of very many' : needs('slapd', 'ldap-utils'), () => {
  let slapd: Slapd;
  beforeAll(async () => {
    slapd = await Slapd.start();
    await slapd.load(entries());
  }, 180_000);
  afterAll(() => slapd.stop());

  function* entries(): Generator<string> {
    yield unit('people');
    const description = `description: ${'x'.repeat(1000)}\n\n`;
    for (let i = 0; i < many; i++) yield person(`p${String(i)}`).replace(/\n\n$/, `\n${description}`);
  }

  it('is read in the memory of a few pages', { timeout: 180_000 }, async () => {
    const script = join(import.meta.dirname, 'ldap-many-entries.ts');
    // the descriptions are 100 MB: they cannot be in this heap at once
    const child = spawn(process.execPath, ['--max-old-space-size=64', '--import', 'tsx', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const settings = {
      ...{ url: slapd.url, bindDN: admin.dn, baseDN: suffix, tls: { plaintext: true }, changes: 'syncrepl' },
      tables: {
        people: {
          base: people,
          filter: '(objectClass=inetOrgPerson)',
          canary: [{ dn: `uid=p${String(many - 1)},${people}`, attributes: ['description'] }],
        },
      },
    };
    child.stdin.end(JSON.stringify({ settings, password: admin.password }));
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    const { entries, certified, grown } = JSON.parse(said) as Told;
    expect({ entries, certified }).toEqual({ entries: many, certified: true });
    expect(grown).toBeLessThan(150 << 20);
  });
});
