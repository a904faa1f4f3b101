import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { startTemporal } from './temporal.ts';

/** A command that fails as the server does where another process took one of its ports, and then is the server. */
const command = (cli: string, folder: string, failures: number) => `#!/bin/sh
echo started >> '${folder}/starts'
if [ "$(wc -l < '${folder}/starts')" -le ${String(failures)} ]; then
  echo '{"level":"FATAL","message":"listen tcp 127.0.0.1:36041: bind: address already in use"}'
  exit 1
fi
exec '${cli}' "$@"
`;

describe('a Temporal server whose ports another process takes while it starts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-temporal-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = async (failures: number) => {
    const cli = join(folder, 'temporal');
    await writeFile(cli, command(inject('temporalCli'), folder, failures));
    await chmod(cli, 0o700);
    const logFile = join(folder, 'temporal.log');
    return startTemporal({ cli, dbFile: undefined, port: 0, uiPort: undefined, namespace: 'ours', logFile });
  };
  const starts = async () => (await readFile(join(folder, 'starts'), 'utf8')).split('\n').length - 1;

  it('is started again', async () => {
    const running = await start(2);
    await running.stop();
    expect(await starts()).toBe(3);
  });

  it('is given up after the third time, with the end of its log', async () => {
    await expect(start(3)).rejects.toThrow(/did not start[^]*address already in use/);
    expect(await starts()).toBe(3);
  });
});
