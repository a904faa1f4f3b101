import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, parseConfig } from './config.ts';

const parse = (env: NodeJS.ProcessEnv) => parseConfig(env, '/app');

describe('the environment', () => {
  it('has the defaults of its reference', () => {
    expect(parse({})).toMatchObject({
      dataDir: '/app/.syncline',
      api: {
        host: '127.0.0.1',
        port: 8080,
        trustNetwork: false,
        allowedHosts: [],
        publicUrl: undefined,
        trustedProxies: [],
      },
      databaseUrl: undefined,
      temporal: { address: undefined, namespace: 'default' },
      local: { temporalPort: 7233, temporalUiPort: 8233, postgresPort: 0, examples: ['community'] },
      fileRoots: ['/app/.syncline/files', '/app/examples'],
      outbound: { allow: [], proxy: undefined },
      exportStore: { kind: 'file', folder: '/app/.syncline/exports' },
      log: { level: 'info', format: 'json' },
    });
  });

  it('loads the examples that are named, the first of them by default', () => {
    const examples = (text: string) => parse({ SYNCLINE_EXAMPLES: text }).local.examples;
    expect([examples('true'), examples('false')]).toEqual([['community'], []]);
    expect(examples('community,spreadsheet')).toEqual(['community', 'spreadsheet']);
    expect(() => examples('../x')).toThrow(ConfigError);
  });

  it('takes folders relative to the project, file roots as a PATH, and the variables of libpq', () => {
    const config = parse({
      SYNCLINE_DATA_DIR: 'data',
      SYNCLINE_FILE_ROOTS: '/a:b',
      SYNCLINE_EXPORT_STORE: 'file:store',
      PGHOST: 'db',
    });
    expect(config).toMatchObject({
      dataDir: '/app/data',
      fileRoots: ['/a', '/app/b'],
      exportStore: { folder: '/app/store' },
      databaseUrl: '',
    });
  });

  it('has the address of the Temporal Web UI without a slash at its end, and never with a password', () => {
    const uiUrl = (url: string) => parse({ SYNCLINE_TEMPORAL_UI_URL: url }).temporal.uiUrl;
    expect(parse({}).temporal.uiUrl).toBeUndefined();
    expect(uiUrl('http://127.0.0.1:8233')).toBe('http://127.0.0.1:8233');
    expect(uiUrl('https://temporal.example/ui/')).toBe('https://temporal.example/ui');
    for (const url of [
      'temporal:8233',
      'javascript:alert(1)',
      'https://ana:secret@temporal.example',
      'https://t.example/?a=b',
    ])
      expect(() => uiUrl(url), url).toThrow('SYNCLINE_TEMPORAL_UI_URL');
  });

  it('takes secrets of connectors under any name of theirs, and the folders of those that are files', () => {
    const config = parse({ SYNCLINE_SECRET_HR: 'not of our concern', SYNCLINE_SECRET_DIRS: '/mnt/secrets/:own' });
    expect(config.secretFolders).toEqual(['/mnt/secrets', '/app/own']);
    expect(JSON.stringify(config)).not.toContain('not of our concern');
    expect(parse({ SYNCLINE_DATA_DIR: '/data' }).secretFolders).toEqual(['/run/secrets', '/data/secrets']);
  });

  it('has a name of the installation that no workflow id begins with', () => {
    expect(parse({}).installation).toBe('');
    expect(parse({ SYNCLINE_INSTALLATION: '' }).installation).toBe('');
    for (const name of ['a', 'staging-2', `a${'b'.repeat(30)}`])
      expect(parse({ SYNCLINE_INSTALLATION: name }).installation).toBe(name);
    for (const name of [
      'Staging',
      '2nd',
      'a:b',
      'a_b',
      'a b',
      `a${'b'.repeat(31)}`,
      'sync',
      'job',
      'poll',
      'reconcile',
    ])
      expect(() => parse({ SYNCLINE_INSTALLATION: name })).toThrow('SYNCLINE_INSTALLATION: must be');
  });

  it('gives a worker slots for each task queue, those of connections included', () => {
    expect(parse({}).workerSlots).toEqual({ sync: 20, export: 4, prepare: 4, apply: 4 });
    expect(parse({ SYNCLINE_WORKER_SLOTS: 'export=8,dmz=2,apply=0' }).workerSlots).toEqual({
      sync: 20,
      export: 8,
      prepare: 4,
      apply: 0,
      dmz: 2,
    });
  });

  it('takes the machines that connectors may reach, and the proxy', () => {
    const { outbound } = parse({
      SYNCLINE_OUTBOUND_ALLOW: 'Localhost, [::1]:636,10.0.0.0/8',
      SYNCLINE_OUTBOUND_PROXY: 'http://proxy.example:3128',
    });
    expect(outbound).toEqual({
      allow: [
        { name: 'localhost' },
        { network: '0:0:0:0:0:0:0:1', bits: 128, port: 636 },
        { network: '10.0.0.0', bits: 8 },
      ],
      proxy: 'http://proxy.example:3128',
    });
  });

  it('takes the names and proxies by which the API is reached', () => {
    const { api } = parse({
      SYNCLINE_ALLOWED_HOSTS: 'Syncline.example, 10.0.0.7:8080,[fd00::1]',
      SYNCLINE_PUBLIC_URL: 'https://Syncline.example/',
      SYNCLINE_TRUSTED_PROXIES: '10.0.0.2,fd00::/8,loopback',
    });
    expect(api).toMatchObject({
      allowedHosts: ['syncline.example', '10.0.0.7:8080', '[fd00::1]'],
      publicUrl: 'https://syncline.example',
      trustedProxies: ['10.0.0.2', 'fd00::/8', 'loopback'],
    });
  });

  it.each([
    [{ SYNCLINE_WORKER_SLOTS: 'export=many' }, /SYNCLINE_WORKER_SLOTS: must be task queues with their slots/],
    [{ SYNCLINE_WORKER_SLOTS: 'export=1,export=2' }, /SYNCLINE_WORKER_SLOTS: names a task queue twice/],
    [{ SYNCLINE_WORKER_SLOTS: 'sync=0,export=0,prepare=0,apply=0' }, /gives no queue a slot/],
    [{ SYNCLINE_API_PRT: '1' }, /SYNCLINE_API_PRT is not a variable/],
    [{ SYNCLINE_API_PORT: '65536' }, /SYNCLINE_API_PORT: must be a port number/],
    [{ SYNCLINE_TRUST_NETWORK: 'yes' }, /SYNCLINE_TRUST_NETWORK: must be true or false/],
    [{ SYNCLINE_ALLOWED_HOSTS: '*' }, /SYNCLINE_ALLOWED_HOSTS: must be host names/],
    [{ SYNCLINE_ALLOWED_HOSTS: 'https://syncline.example' }, /SYNCLINE_ALLOWED_HOSTS: must be host names/],
    [{ SYNCLINE_PUBLIC_URL: 'https://syncline.example/path' }, /SYNCLINE_PUBLIC_URL: must be an http or https URL/],
    [{ SYNCLINE_TRUSTED_PROXIES: '10.0.0.0/33' }, /SYNCLINE_TRUSTED_PROXIES: must be addresses or networks/],
    [{ SYNCLINE_TRUSTED_PROXIES: '0.0.0.0/0' }, /SYNCLINE_TRUSTED_PROXIES: must be addresses or networks/],
    [{ SYNCLINE_OUTBOUND_ALLOW: 'https://db.example' }, /SYNCLINE_OUTBOUND_ALLOW: .* is not a network/],
    [
      { SYNCLINE_OUTBOUND_ALLOW: 'db.example,169.254.0.0/16' },
      /SYNCLINE_OUTBOUND_ALLOW: "169.254.0.0\/16" is a link-local/,
    ],
    [{ SYNCLINE_OUTBOUND_PROXY: 'socks5://proxy:1080' }, /SYNCLINE_OUTBOUND_PROXY: must be the http or https URL/],
    [{ SYNCLINE_DATABASE_URL: 'mysql://x' }, /SYNCLINE_DATABASE_URL: must be a URL that begins with postgres/],
    [{ SYNCLINE_TEMPORAL_ADDRESS: 'http://x' }, /SYNCLINE_TEMPORAL_ADDRESS: must be host:port/],
  ])('%j stops the start with a message that names it', (env, message) => {
    expect(() => parse(env)).toThrow(ConfigError);
    expect(() => parse(env)).toThrow(message);
  });

  it('is documented, each variable', () => {
    const reference = readFileSync(join(import.meta.dirname, 'docs', 'reference', 'configuration.md'), 'utf8');
    const source = readFileSync(join(import.meta.dirname, 'config.ts'), 'utf8');
    const names = [...source.matchAll(/^ {2}(SYNCLINE_\w+):/gm)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(reference, name).toContain(`\`${name}\``);
  });
});
