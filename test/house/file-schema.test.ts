import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describePackages, fileSchema } from '../../connectors/registry.ts';

/** The schema that editors have: as a program would use it that knows nothing of Syncline. */
const check = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(fileSchema());
const faults = (file: unknown) => {
  check(file);
  return (check.errors ?? []).map(({ instancePath, message = '', params }) => ({
    at: instancePath,
    message,
    property: (params as { additionalProperty?: string }).additionalProperty,
  }));
};

const examples = join(import.meta.dirname, '..', '..', 'examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

describe('the JSON Schema of a connector file', () => {
  it('fits the examples', () => {
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) expect(faults(parse(readFileSync(join(examples, name), 'utf8'))), name).toEqual([]);
  });

  const fileOf = (connection: object) => ({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'some',
    connections: [{ name: 'one', ...connection }],
    entityTypes: [],
  });

  it.each(describePackages().map(({ name }) => name))('knows the settings of %s', (name) => {
    expect(faults(fileOf({ package: name, settings: { noSuchSetting: 1 } }))).toContainEqual(
      expect.objectContaining({ at: '/connections/0/settings', property: 'noSuchSetting' }),
    );
  });

  it('asks for settings that a package needs, and names packages that there are', () => {
    expect(faults(fileOf({ package: 'ldap' }))).toContainEqual(
      expect.objectContaining({ at: '/connections/0', message: "must have required property 'settings'" }),
    );
    expect(faults(fileOf({ package: 'ldap', settings: { url: 'ldaps://directory', baseDN: 'dc=example' } }))).toEqual(
      [],
    );
    expect(faults(fileOf({ package: 'oracle' }))).toContainEqual(
      expect.objectContaining({ at: '/connections/0/package' }),
    );
  });
});
