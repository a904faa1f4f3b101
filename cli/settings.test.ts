import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerValue, readSettings } from './settings.ts';

describe('the settings file of the command line', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'syncline-settings-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (text: string) => {
    const path = join(folder, 'config.yaml');
    await writeFile(path, text);
    await chmod(path, 0o644);
    return readSettings(path, true);
  };

  it('names installations, and one of them as the default', async () => {
    const text = [
      'default: here',
      'installations:',
      '  here: { url: "http://127.0.0.1:8080" }',
      '  far: { url: "https://syncline.example", headers: { Authorization: env:TOKEN }, timeout: 10s }',
    ];
    expect(await read(text.join('\n'))).toMatchObject({
      default: 'here',
      installations: { here: { headers: {} }, far: { headers: { Authorization: 'env:TOKEN' }, timeout: '10s' } },
      warnings: [],
    });
    expect((await read('')).installations).toEqual({});
  });

  it('need not exist, unless somebody named it', async () => {
    expect((await readSettings(join(folder, 'none.yaml'), false)).installations).toEqual({});
    await expect(readSettings(join(folder, 'none.yaml'), true)).rejects.toThrow('none.yaml cannot be read');
  });

  it.each([
    ['a: [', /config\.yaml: /],
    ['colour: red', /`colour` is not a known field/],
    ['installations: { x: {} }', /`installations.x.url` must be an address/],
    ['installations: { x: { url: "http://a", port: 1 } }', /`installations.x.port` is not a known field/],
    ['installations: { x: { url: "http://a", headers: { A: 1 } } }', /`installations.x.headers`/],
    ['default: y\ninstallations: { x: { url: "http://a" } }', /`default` names y/],
  ])('is refused where it says %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it('warns of a secret that other users can read', async () => {
    const open = await read('installations: { x: { url: "http://a", headers: { Authorization: Bearer s } } }');
    expect(open.warnings).toEqual([expect.stringContaining('chmod 600')]);
    await chmod(open.path, 0o600);
    expect((await readSettings(open.path, true)).warnings).toEqual([]);
  });

  it('takes the value of a header from where it says, and never tells it', async () => {
    await writeFile(join(folder, 'token'), 'Bearer of-a-file\n');
    expect(await headerValue('A', `file:${join(folder, 'token')}`, {})).toBe('Bearer of-a-file');
    expect(await headerValue('A', 'env:TOKEN', { TOKEN: 'Bearer t' })).toBe('Bearer t');
    await expect(headerValue('A', 'env:TOKEN', {})).rejects.toThrow('TOKEN, which is not set');
    await expect(headerValue('A', 'file:/nowhere', {})).rejects.toThrow('cannot be read');
  });
});
