import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../local/ports.ts';
import { hasDebian } from './debian.ts';

const run = promisify(execFile);
const version = '26.7.3';
const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const folder = join(cache, 'syncline-test', `keycloak-${version}`);

/** Where it is installed. */
export const keycloakHome = join(folder, `keycloak-${version}`);

/** What a skipped test says. */
export const needsKeycloak = `needs Java 17 and Maven: SYNCLINE_TEST_INSTALL=1 installs Keycloak ${version}`;

/**
 * Whether the machine has Keycloak, by the rule of the Debian packages. Its archive comes through Maven, and Java comes with Maven.
 * @throws Error in CI, if it cannot be installed
 */
export async function hasKeycloak(): Promise<boolean> {
  const done = join(folder, 'installed');
  if (existsSync(done)) return true;
  if (!(await hasDebian('maven'))) return false;
  if (process.env['CI'] === undefined && process.env['SYNCLINE_TEST_INSTALL'] === undefined) return false;
  await mkdir(folder, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  const script = `set -e; [ ! -e "$1/installed" ] || exit 0
    mvn -q -B dependency:get -Dtransitive=false -Dartifact=${artifact}
    mvn -q -B dependency:copy -Dartifact=${artifact} -DoutputDirectory="$1"
    python3 -m zipfile -e "$1/keycloak-quarkus-dist-${version}.zip" "$1"
    rm "$1/keycloak-quarkus-dist-${version}.zip"`;
  await run('flock', [`${folder}.lock`, 'sh', '-c', script, 'sh', folder], { maxBuffer: 64 << 20 });
  await writeFile(done, '');
  return true;
}

const admin = { name: 'admin', password: 'canary-keycloak-admin' };
const realm = 'people';
export const reader = { id: 'reader', secret: 'canary-keycloak-reader' };

/** A Keycloak on loopback that keeps everything in memory, with one realm whose users and groups SCIM gives to one client. */
export class Keycloak {
  readonly origin: string;
  readonly #home: string;
  readonly #process: ChildProcess;
  #said = '';

  private constructor(home: string, port: number, management: number) {
    this.#home = home;
    this.origin = `http://127.0.0.1:${String(port)}`;
    const where = [
      '--http-host=127.0.0.1',
      `--http-port=${String(port)}`,
      `--http-management-port=${String(management)}`,
    ];
    this.#process = spawn(
      'sh',
      [join(home, 'bin', 'kc.sh'), ...['start-dev', '--features=scim-api', '--db=dev-mem', '--cache=local', ...where]],
      {
        // Java runs below the shell
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx512m',
          KC_BOOTSTRAP_ADMIN_USERNAME: admin.name,
          KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
        },
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (text: Buffer) => (this.#said = `${this.#said}${text.toString()}`.slice(-4000)));
  }

  get baseUrl(): string {
    return `${this.origin}/realms/${realm}/scim/v2`;
  }

  get tokenUrl(): string {
    return `${this.origin}/realms/${realm}/protocol/openid-connect/token`;
  }

  static async start(): Promise<Keycloak> {
    // its first start builds it, so no start has the installed files themselves
    const home = await mkdtemp(join(tmpdir(), 'syncline-keycloak-'));
    await cp(keycloakHome, home, { recursive: true });
    const server = new Keycloak(home, await freePort(), await freePort());
    try {
      await server.#ready();
      await server.#makeRealm();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async #ready(): Promise<void> {
    for (let attempt = 0; attempt < 1200; attempt++) {
      if (this.#process.exitCode !== null) break;
      const answer = await fetch(`${this.origin}/realms/master`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(200);
    }
    throw new Error(`Keycloak does not answer: ${this.#said}`);
  }

  async #makeRealm(): Promise<void> {
    const token = await this.#token('master', {
      grant_type: 'password',
      client_id: 'admin-cli',
      username: admin.name,
      password: admin.password,
    });
    const ask = <Answer>(method: string, path: string, body?: unknown) =>
      send<Answer>(`${this.origin}/admin/realms${path}`, method, token, 'application/json', body);
    await ask('POST', '', { realm, enabled: true, scimApiEnabled: true });
    await ask('POST', `/${realm}/clients`, {
      ...{ clientId: reader.id, secret: reader.secret, publicClient: false },
      ...{ serviceAccountsEnabled: true, standardFlowEnabled: false },
      // SCIM takes only tokens that were issued for it
      protocolMappers: [
        {
          ...{ name: 'for-scim', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper' },
          config: { 'included.custom.audience': this.baseUrl, 'access.token.claim': 'true' },
        },
      ],
    });
    type Named = { id: string; name: string };
    const clientNamed = async (name: string) =>
      (await ask<Named[]>('GET', `/${realm}/clients?clientId=${name}`))[0]?.id ?? '';
    const account = await ask<Named>('GET', `/${realm}/clients/${await clientNamed(reader.id)}/service-account-user`);
    const management = await clientNamed('realm-management');
    const roles = await ask<Named[]>('GET', `/${realm}/clients/${management}/roles`);
    // the tests write through SCIM, too
    const granted = roles.filter(({ name }) => name === 'manage-users' || name === 'view-users');
    await ask('POST', `/${realm}/users/${account.id}/role-mappings/clients/${management}`, granted);
  }

  async #token(of: string, form: Record<string, string>): Promise<string> {
    const answer = await fetch(`${this.origin}/realms/${of}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    if (!answer.ok) throw new Error(`Keycloak gives no token: ${await answer.text()}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  /** One request of SCIM. */
  async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const token = await this.#token(realm, {
      grant_type: 'client_credentials',
      client_id: reader.id,
      client_secret: reader.secret,
    });
    return send(`${this.baseUrl}/${path}`, method, token, 'application/scim+json', body);
  }

  async stop(): Promise<void> {
    const { pid, exitCode } = this.#process;
    if (pid !== undefined && exitCode === null) {
      const ended = once(this.#process, 'exit');
      process.kill(-pid, 'SIGKILL');
      await ended;
    }
    await rm(this.#home, { recursive: true, force: true });
  }
}

async function send<Answer>(url: string, method: string, token: string, type: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}
