import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SyncError } from '../../domain/errors.ts';
import { needs } from '../support/debian.ts';
import { admin } from '../support/slapd.ts';
import { all, codeOf, connect, directoryOfPeople, folder, readAll, ready, rowsOf } from './ldap-people.ts';

describe.skipIf(!ready)(ready ? 'a directory over TLS' : needs('slapd', 'ldap-utils'), () => {
  const { slapd, restarted } = directoryOfPeople();
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const sign = (name: string, days: string[]) => {
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    writeFileSync(file(`${name}.ext`), 'subjectAltName=DNS:localhost\n');
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-extfile',
      `${name}.ext`,
      ...days,
    );
  };
  const tlsOf = (name: string) => ({ ca: file('ca.pem'), cert: file(`${name}.pem`), key: file(`${name}.key`) });
  const settings = { tls: { ca: file('ca.pem') } };
  beforeAll(() => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Test authority',
      '-days',
      '2',
    );
    sign('good', ['-days', '2']);
    sign('expired', ['-days', '-1']);
  });
  afterAll(() => restarted({ tls: undefined }));

  it('is read where the certificate is good, by ldaps:// and by StartTLS', async () => {
    await restarted({ tls: tlsOf('good') });
    expect(rowsOf(await readAll(connect(slapd().tlsUrl, settings)))).toHaveLength(all.length);
    const start = { tls: { ...settings.tls, startTls: true, serverName: 'localhost' } };
    expect(rowsOf(await readAll(connect(slapd().url, start)))).toHaveLength(all.length);
  });

  it('fails with tls for another authority, another name, another protocol, and an expired certificate', async () => {
    await restarted({ tls: tlsOf('good') });
    expect(await codeOf(connect(slapd().tlsUrl, { tls: {} }))).toBe('tls');
    expect(await codeOf(connect(slapd().tlsUrl, { tls: { ...settings.tls, serverName: 'other.example.org' } }))).toBe(
      'tls',
    );
    expect(await codeOf(connect(`ldaps://localhost:${String(slapd().port)}`, settings))).toBe('tls');
    expect(await codeOf(connect(slapd().tlsUrl, { tls: { ca: '/etc/ssl/certs/ca-certificates.crt' } }))).toBe('tls');
    await restarted({ tls: tlsOf('expired') });
    const failed: unknown = await readAll(connect(slapd().tlsUrl, settings)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'tls' });
    expect((failed as SyncError).message).toContain('expired');
  });

  it('fails with tls where StartTLS is refused, and sends no password', async () => {
    await restarted({ tls: undefined });
    const sent: Buffer[] = [];
    const proxy = net.createServer((socket) => {
      const to = net.connect(slapd().port, '127.0.0.1');
      socket.on('data', (data) => sent.push(data));
      socket.pipe(to).pipe(socket);
      for (const each of [socket, to]) each.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as net.AddressInfo;
    const start = { tls: { ...settings.tls, startTls: true } };
    expect(await codeOf(connect(`ldap://127.0.0.1:${String(port)}`, start))).toBe('tls');
    expect(Buffer.concat(sent).toString('latin1')).not.toContain(admin.password);
    proxy.close();
  });
});
