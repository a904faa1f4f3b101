import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A private certificate authority. Its files are in a folder. */
export class Authority {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name = 'ca') {
    this.#folder = folder;
    this.#name = name;
    this.#openssl('req', '-x509', ...newKey, ...this.#out(name), '-subj', '/CN=Test authority', '-days', '2');
  }

  get ca(): string {
    return join(this.#folder, `${this.#name}.pem`);
  }

  /** Signs a certificate for hosts. @returns paths of the certificate and its key */
  sign(name: string, hosts: string[], days = 2): { ca: string; cert: string; key: string } {
    const [request, extensions] = [join(this.#folder, `${name}.csr`), join(this.#folder, `${name}.ext`)];
    const { ca } = this;
    const [cert, key] = ['pem', 'key'].map((end) => join(this.#folder, `${name}.${end}`)) as [string, string];
    this.#openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    writeFileSync(extensions, `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`);
    const by = ['-CA', ca, '-CAkey', join(this.#folder, `${this.#name}.key`), '-CAcreateserial'];
    this.#openssl('x509', '-req', '-in', request, ...by, '-out', cert, '-extfile', extensions, '-days', String(days));
    return { ca, cert, key };
  }

  #out = (name: string) => ['-keyout', join(this.#folder, `${name}.key`), '-out', join(this.#folder, `${name}.pem`)];

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }
}

const newKey = ['-newkey', 'rsa:2048', '-nodes'];

/** What a server of Node needs of a signed certificate. */
export const contentsOf = ({ cert, key }: { cert: string; key: string }) => ({
  cert: readFileSync(cert, 'utf8'),
  key: readFileSync(key, 'utf8'),
});
