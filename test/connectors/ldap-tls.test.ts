import net from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { SyncError } from '../../domain/errors.ts';
import { Authority } from '../support/authority.ts';
import { needs } from '../support/debian.ts';
import { admin } from '../support/slapd.ts';
import { all, codeOf, connect, directoryOfPeople, folder, readAll, ready, rowsOf } from './ldap-people.ts';

describe.skipIf(!ready)(ready ? 'a directory over TLS' : needs('slapd', 'ldap-utils'), () => {
  const { slapd, restarted } = directoryOfPeople();
  const authority = new Authority(folder);
  const certificates = {
    good: authority.sign('good', ['localhost']),
    expired: authority.sign('expired', ['localhost'], -1),
  };
  const settings = { tls: { ca: authority.ca } };
  afterAll(() => restarted({ tls: undefined }));

  it('is read where the certificate is good, by ldaps:// and by StartTLS', async () => {
    await restarted({ tls: certificates.good });
    expect(rowsOf(await readAll(connect(slapd().tlsUrl, settings)))).toHaveLength(all.length);
    const start = { tls: { ...settings.tls, startTls: true, serverName: 'localhost' } };
    expect(rowsOf(await readAll(connect(slapd().url, start)))).toHaveLength(all.length);
  });

  it('fails with tls for another authority, another name, another protocol, and an expired certificate', async () => {
    await restarted({ tls: certificates.good });
    expect(await codeOf(connect(slapd().tlsUrl, { tls: {} }))).toBe('tls');
    expect(await codeOf(connect(slapd().tlsUrl, { tls: { ...settings.tls, serverName: 'other.example.org' } }))).toBe(
      'tls',
    );
    expect(await codeOf(connect(`ldaps://localhost:${String(slapd().port)}`, settings))).toBe('tls');
    expect(await codeOf(connect(slapd().tlsUrl, { tls: { ca: '/etc/ssl/certs/ca-certificates.crt' } }))).toBe('tls');
    await restarted({ tls: certificates.expired });
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
