import { join } from 'node:path';
import { ConfigError, loadConfig, type Config } from '../config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { heldSyncs, loadExamples } from './examples.ts';
import { endLeftovers } from './leftovers.ts';
import { acquireLock } from './lock.ts';
import { nextSteps } from './next-steps.ts';
import { Progress } from './progress.ts';
import { startStack } from './stack.ts';
import { reasonOf, StackError } from './stack-error.ts';
import { Supervisor } from './supervisor.ts';

process.title = 'syncline';
const root = join(import.meta.dirname, '..');

/** Signals that come together are one: a terminal sends them to every process of the group, and those pass them on. */
const together = 1_000;

async function main(config: Config): Promise<void> {
  const progress = new Progress(process.stdout);
  const say = (line: string) => {
    progress.say(line);
  };
  const folder = prepareDataFolder(config.dataDir);
  const lock = acquireLock(folder.lock);
  if (lock.note !== undefined) say(lock.note);
  const stopping = new AbortController();
  const supervisor = new Supervisor(folder.children, say);
  let firstSignal = 0;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    if (stopped) {
      if (Date.now() - firstSignal > together) supervisor.kill();
      return;
    }
    firstSignal = Date.now();
    say('Stopping (Ctrl-C again: stop without waiting) …');
    stopping.abort(new StackError('stopped'));
    stopped = supervisor.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    await endLeftovers(folder.children, say);
    const stack = await startStack(config, folder, supervisor, progress, stopping.signal);
    supervisor.settle();
    say(`ready ${stack.api}`);
    await showNext(config, stack, say, stopping.signal);
    await new Promise((resolve) => {
      stopping.signal.addEventListener('abort', resolve);
    });
  } catch (error) {
    if (!stopping.signal.aborted) {
      process.exitCode = 1;
      say(error instanceof StackError ? error.message : `The start failed: ${reasonOf(error)}`);
      stopped = supervisor.stop();
    }
  } finally {
    await stopped;
    lock.release();
  }
  if (stopping.signal.aborted) say('Stopped. The data are kept for the next start.');
}

async function showNext(
  config: Config,
  stack: { api: string; temporalUi: string | undefined },
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let held = await heldSyncs(stack.api, signal);
  if (config.local.examples.length > 0) {
    try {
      const loaded = await loadExamples(stack.api, join(root, 'examples'), config.local.examples, signal);
      for (const { connector } of loaded) say(`The example ${connector} is loaded.`);
      held = [...loaded, ...held];
    } catch (error) {
      if (signal.aborted) throw error;
      say(`The examples could not be loaded: ${reasonOf(error)}`);
    }
  }
  say(`\n${nextSteps({ ...stack, namespace: config.temporal.namespace }, held)}\n\nCtrl-C stops everything.`);
}

try {
  await main(loadConfig());
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    `${error instanceof ConfigError || error instanceof StackError ? error.message : reasonOf(error)}\n`,
  );
}
// timers and sockets of stopped parts must not keep the process running
process.exit();
