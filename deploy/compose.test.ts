import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config.ts';
import { searchAttributes } from '../workflows/names.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

// The parts of the Compose specification that the file uses; an unknown or misspelt field fails.
const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  shm_size: z.string().optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .default({}),
  environment: z.record(z.string(), z.string()).default({}),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.union([
    z.strictObject({ disable: z.literal(true) }),
    z.strictObject({
      test: z.tuple([z.literal('CMD')], z.string()),
      interval: duration,
      timeout: duration,
      retries: z.int(),
      start_period: duration,
    }),
  ]),
  restart: z.enum(['unless-stopped', 'on-failure:5']),
  stop_grace_period: duration.optional(),
});
const compose = z.strictObject({
  name: z.string(),
  'x-syncline': z.unknown(),
  'x-syncline-environment': z.unknown(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const text = read('docker-compose.yml');
const variables = [...text.matchAll(/\$\{([A-Z_]+)(:-([^}]*))?\}/g)].map(([, name, , fallback]) => ({
  name: name ?? '',
  fallback,
}));
/** As compose reads the file where the environment sets nothing. */
const file = compose.parse(
  parse(
    text.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, (_, fallback: string) => fallback),
    { merge: true },
  ),
);
const services = Object.entries(file.services);
const ours = services.filter(([, { build }]) => build !== undefined);

describe('docker-compose.yml', () => {
  it.each(services)('publishes %s on the loopback address only', (_name, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(services)('pins the version of %s', (_name, { image, build }) => {
    if (build === undefined) expect(image).toMatch(/^[a-z/-]+:\d+\.\d+[\w.-]*$/);
  });

  it.each(services)('has %s wait for services that exist and can tell', (_name, { depends_on }) => {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const awaited = file.services[other];
      expect(awaited, other).toBeDefined();
      if (condition === 'service_healthy') expect(awaited?.healthcheck).toHaveProperty('test');
      else expect(awaited?.restart).toBe('on-failure:5');
    }
  });

  it.each(services)('mounts into %s what exists', (_name, { volumes }) => {
    for (const volume of volumes) {
      const source = volume.split(':')[0] ?? '';
      if (source.startsWith('.')) expect(existsSync(join(root, source)), source).toBe(true);
      else expect(Object.keys(file.volumes)).toContain(source);
    }
  });

  it('uses every volume it names', () => {
    const used = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]));
    for (const name of Object.keys(file.volumes)) expect(used).toContain(name);
  });

  it.each(ours)('gives %s an environment that Syncline takes', (_name, { environment }) => {
    const config = parseConfig(environment, '/app');
    expect(config.databaseUrl).toBe('');
    expect(config.temporal.address).toBe('temporal:7233');
    expect(config.exportStore).toEqual({ kind: 'file', folder: '/data/exports' });
    expect(config.fileRoots).toEqual(['/files']);
  });

  it('lets the API listen beyond its container only where it is published on the loopback address', () => {
    const api = file.services['api'];
    expect(parseConfig(api?.environment ?? {}, '/app').api).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      trustNetwork: true,
    });
    expect(api?.ports).toEqual(['127.0.0.1:8080:8080']);
  });

  it.each(ours)('runs in %s a program that exists', (_name, { command = [], healthcheck }) => {
    const programs = [command, 'test' in healthcheck ? healthcheck.test : []]
      .flat()
      .filter((word) => word.endsWith('.ts'));
    expect(programs.length).toBeGreaterThan(0);
    for (const program of programs) expect(existsSync(join(root, program)), program).toBe(true);
  });

  it('passes on every documented variable, but those that say where its own servers and folders are', () => {
    const documented = [...read('docs/reference/configuration.md').matchAll(/`(SYNCLINE_[A-Z_]+)`/g)].map(
      ([, name]) => name,
    );
    const own = /^SYNCLINE_(DATABASE_URL|TEMPORAL_(API_KEY|TLS_.*|CLI|PORT|UI_PORT)|POSTGRES_PORT|EXAMPLES|URL)$/;
    const given = ours.flatMap(([, { environment }]) => Object.keys(environment));
    expect(documented.length).toBeGreaterThan(20);
    for (const name of new Set(documented)) if (!own.test(name ?? '')) expect(given).toContain(name);
    expect(file.services['worker']?.volumes).toContain('./secrets:/run/secrets:ro');
  });

  it('gives every variable a default and explains it in .env.example', () => {
    const example = read('.env.example');
    expect(variables.length).toBeGreaterThan(5);
    for (const { name, fallback } of variables) {
      expect(fallback, name).toBeDefined();
      expect(example, name).toMatch(new RegExp(`^#${name}=`, 'm'));
    }
  });

  it('has the same default wherever a variable stands, and .env.example states it', () => {
    const example = read('.env.example');
    for (const { name, fallback } of variables) {
      expect(new Set(variables.filter((each) => each.name === name).map((each) => each.fallback)).size, name).toBe(1);
      if (!name.endsWith('PASSWORD') && fallback !== '') expect(example).toContain(`#${name}=${fallback ?? ''}\n`);
    }
  });

  it('shares .env with Syncline: names of its own do not begin like those that Syncline checks', () => {
    const names = [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)];
    const env = Object.fromEntries(names.map(([, name, value]) => [name ?? '', value]));
    expect(() => parseConfig(env, '/app')).not.toThrow();
  });

  it('holds no secret but defaults for one machine', () => {
    const passwords = services.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD/.test(name)),
    );
    expect(passwords.length).toBeGreaterThan(0);
    for (const [, value] of passwords) expect(['postgres', 'temporal', 'syncline']).toContain(value);
    expect(text.match(/(PASSWORD|PWD): (?!\$\{)/)).toBeNull();
  });
});

describe('what the services are given', () => {
  it('has priorities and fairness switched on in the Temporal server', () => {
    expect(parse(read('deploy/temporal/dynamic-config.yaml'))).toEqual({
      'matching.useNewMatcher': [{ value: true }],
      'matching.enableFairness': [{ value: true }],
    });
  });

  it('registers exactly the search attributes of the workflows', () => {
    const registered = [...read('deploy/temporal/namespace.sh').matchAll(/--name (\w+) --type (\w+)/g)];
    expect(registered.map(([, name, type]) => [name, type?.toUpperCase()])).toEqual(
      Object.values(searchAttributes).map(({ name, type }) => [name, type]),
    );
  });

  it.each(['deploy/postgres/databases.sh', 'deploy/temporal/schema.sh', 'deploy/temporal/namespace.sh'])(
    'has %s as a script that can be run',
    (script) => {
      const shell = read(script).startsWith('#!/bin/bash') ? 'bash' : 'sh';
      const { status, stderr } = spawnSync(shell, ['-n', join(root, script)], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(statSync(join(root, script)).mode & 0o111).not.toBe(0);
    },
  );
});

describe('the image', () => {
  const instructions = read('Dockerfile')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const given = (name: string) => last.filter((each) => each.name === name).map(({ rest }) => rest);

  it('is built on a pinned Node that package.json admits', () => {
    const version = /^NODE_VERSION=(\d+)\.(\d+)\.\d+$/.exec(
      instructions.find(({ name }) => name === 'ARG')?.rest ?? '',
    );
    expect(Number(version?.[1])).toBe(24);
  });

  it('runs as a user without rights', () => {
    expect(given('USER')).toEqual(['node']);
  });

  it('starts its program without a shell, so that signals reach it, and can tell its health', () => {
    const command = z.array(z.string()).parse(JSON.parse(given('CMD')[0] ?? ''));
    expect(existsSync(join(root, command.at(-1) ?? ''))).toBe(true);
    expect(given('HEALTHCHECK')[0]).toContain('CMD ["node", "--import", "tsx", "deploy/health.ts", "api"]');
  });

  it('holds the folders of the product, and what it is told to take exists', () => {
    const taken = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const path of taken) expect(existsSync(join(root, path)), path).toBe(true);
    for (const folder of ['domain', 'workflows', 'activities', 'connectors', 'repository', 'store', 'worker', 'api'])
      expect(taken).toContain(`${folder}/`);
    for (const secret of ['.env', '.git', '.syncline']) expect(taken).not.toContain(secret);
  });
});

describe('the jobs beside the services', () => {
  const run = (script: string, ...parameters: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', join(root, 'deploy', script), ...parameters], {
      cwd: root,
      encoding: 'utf8',
      // a data folder of its own: a stack that ran in this checkout has left its sign of life in the usual one
      env: {
        PATH: process.env['PATH'],
        SYNCLINE_DATABASE_URL: '',
        SYNCLINE_API_PORT: '1',
        SYNCLINE_DATA_DIR: join(root, 'no-such-folder'),
      },
    });

  it('migrate says what it lacks', () => {
    const { status, stderr } = run('migrate.ts');
    expect(stderr).toContain('SYNCLINE_DATABASE_URL');
    expect(status).toBe(1);
  });

  it('health fails where nothing answers, and where it is not told what to look at', () => {
    expect(run('health.ts', 'api').status).toBe(1);
    expect(run('health.ts', 'worker').stderr).toContain('the worker has not polled its task queues yet');
    expect(run('health.ts').stderr).toContain('health.ts api, or health.ts worker');
  });
});
