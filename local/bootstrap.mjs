// Runs before anything is installed, so it uses nothing but Node: checks the version, installs what package-lock.json
// names where that has not been done, and hands over to the command.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldest = [20, 19];
const commands = {
  start: ['--import', 'tsx', join(root, 'local', 'start.ts')],
  bench: ['--import', 'tsx', join(root, 'bench', 'main.ts')],
  'bench:many': ['--import', 'tsx', join(root, 'bench', 'many', 'main.ts')],
  'bench:plans': ['--import', 'tsx', join(root, 'bench', 'plans', 'main.ts')],
  'bench:reads': ['--import', 'tsx', join(root, 'bench', 'reads', 'main.ts')],
  'bench:review': ['--import', 'tsx', join(root, 'bench', 'review', 'main.ts')],
  test: [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'],
};

const [name, ...more] = process.argv.slice(2);
const command = commands[name];
if (!command)
  fail(
    `There is no command ${name}: node local/bootstrap.mjs start|test|bench|bench:many|bench:plans|bench:reads|bench:review`,
  );
if (process.platform === 'win32')
  fail('Syncline does not run on Windows directly. Use the Windows Subsystem for Linux: https://aka.ms/wsl');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
  fail(
    `Syncline needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}. Get one from https://nodejs.org`,
  );

if (!installed()) {
  console.log('Installing the packages that package-lock.json names (once, until it changes) …');
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const code = await run(program, [...first, 'ci', '--include=dev', '--no-fund', '--no-audit'], root);
  if (code !== 0)
    fail('The packages could not be installed. The output of npm above says why. Repair the cause and start again.');
  remember();
}
process.exitCode = await run(process.execPath, [...command, ...more], process.cwd());

/** Runs a program to its end; it gets the same signals. */
function run(program, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: 'inherit' });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.once('error', (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(each, forward);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

function installed() {
  const theirs = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(theirs)) return false;
  if (existsSync(marker()) && readFileSync(marker(), 'utf8') === lockHash()) return true;
  // installed by hand: later than the lock file was written is good enough
  if (statSync(theirs).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) return false;
  remember();
  return true;
}

function remember() {
  writeFileSync(marker(), lockHash());
}

function marker() {
  return join(root, 'node_modules', '.syncline-lock');
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
