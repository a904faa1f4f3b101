// Put into a process with `node --import`: it stands still at a marked point that a test has armed, until the test
// releases it or kills it. See faults.ts, which is the other side.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.env['FAULT_FOLDER'];
if (folder === undefined) throw new Error('FAULT_FOLDER names no folder: this module is for the fault tests alone');

globalThis[Symbol.for('syncline.markedPoint')] = async (point) => {
  const file = join(folder, point.replace('/', '.'));
  try {
    // of several that come by, one takes it
    renameSync(`${file}.armed`, `${file}.reached-by-${process.pid}`);
  } catch {
    return;
  }
  while (!existsSync(`${file}.released`)) await sleep(10);
};
