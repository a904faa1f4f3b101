import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorFile, typesOf } from './connector.ts';
import { firstChanges, linkDeltaChanges, noChanges, snapshotChanges, userDeltaChanges } from './expected.ts';
import { generate, generateLinkDelta, generateUserDelta, type Files } from './generate.ts';
import { measureReads, type ReadMeasurement } from './measure-reads.ts';
import { measureSync, type SyncMeasurement } from './measure-sync.ts';
import { placeDelta, placeSnapshot } from './place.ts';
import type { BenchPostgres } from './postgres.ts';
import type { Product } from './product.ts';
import { deltaChanges, scenarioTitles, type SyncScenario } from './scenarios.ts';
import type { Shape } from './sizes.ts';
import { readWrites, writesBetween, type Writes } from './writes.ts';

export interface RoundInput {
  number: number;
  shape: Shape;
  product: Product;
  postgres: BenchPostgres;
  database: string;
  before: Files;
  after: Files;
  /** A folder for files that this round alone needs. */
  scratch: string;
  scenarios: SyncScenario[];
  /** Also what people read once the syncs are done. */
  reads: boolean;
  say: (line: string) => void;
}

export type RoundResult = Partial<Record<SyncScenario, SyncMeasurement & { writes?: Writes }>> & {
  reads?: ReadMeasurement;
};

const connector = 'bench';

/**
 * Goes through the scenarios once, on a product that has stored nothing yet. The first round also asks the server what
 * each sync has written, which takes its time and is the same in every round.
 */
export async function runRound(input: RoundInput): Promise<RoundResult> {
  const { shape, product, before, after, scenarios, say } = input;
  const results: RoundResult = {};
  let written: Writes | undefined;

  async function run(scenario: SyncScenario): Promise<void> {
    await prepare(scenario);
    if (scenario !== 'first') await input.postgres.settle(input.database);
    const mode = scenario === 'links' || scenario === 'users' ? 'incremental' : 'complete';
    const ends = mode === 'complete' && shape.dangling ? 'completed-with-errors' : 'completed';
    const measured = await measureSync(product, connector, mode, expectedOf(scenario, shape), ends);
    if ((measured.untilHeld !== undefined) !== (scenario === 'first'))
      measured.faults.push(scenario === 'first' ? 'it was not held' : 'it was held');
    say(
      `round ${String(input.number)}: ${scenarioTitles[scenario]} ${measured.seconds.toFixed(2)} s${measured.faults.map((fault) => ` — WRONG: ${fault}`).join('')}`,
    );
    results[scenario] = measured;
    if (input.number > 1) return;
    const now = await readWrites(product.databaseUrl);
    results[scenario] = { ...measured, writes: written ? writesBetween(written, now) : now };
    written = now;
  }

  async function prepare(scenario: SyncScenario): Promise<void> {
    const place = (folder: string) => placeSnapshot(folder, product.files, connector);
    switch (scenario) {
      case 'first':
        await place(before.folder);
        await product.api.putConnector(connectorFile(connector));
        return;
      case 'equal':
        return place(before.folder);
      case 'reordered':
        await generate(shape, 'before', input.number, input.scratch);
        return place(input.scratch);
      case 'changed':
        return place(after.folder);
      case 'links':
        await generateLinkDelta(shape, deltaChanges, input.scratch);
        return placeDelta(
          join(input.scratch, 'memberships-0001.csv'),
          product.files,
          connector,
          'memberships-0001.csv',
        );
      case 'users':
        await generateUserDelta(shape, deltaChanges, input.scratch);
        return placeDelta(join(input.scratch, 'users-0001.csv'), product.files, connector, 'users-0001.csv');
    }
  }

  for (const scenario of scenarios) {
    await run(scenario);
    if (scenario === 'changed') results.changed?.faults.push(...(await findLeftBehind(product, shape, after)));
  }
  await rm(input.scratch, { recursive: true, force: true });
  if (input.reads && results.first) {
    await input.postgres.settle(input.database);
    const expected = { now: after.rows.users, then: before.rows.users };
    results.reads = await measureReads(product.api, typesOf(connector).users, results.first.sync, expected);
    say(`round ${String(input.number)}: reads${results.reads.faults.map((fault) => ` — WRONG: ${fault}`).join('')}`);
  }
  return results;
}

function expectedOf(scenario: SyncScenario, shape: Shape) {
  switch (scenario) {
    case 'first':
      return firstChanges(shape);
    case 'equal':
    case 'reordered':
      return noChanges;
    case 'changed':
      return snapshotChanges(shape);
    case 'links':
      return linkDeltaChanges(deltaChanges);
    case 'users':
      return userDeltaChanges(deltaChanges);
  }
}

/** Whether what is stored has as many rows as the files: with them all deletes were found. */
async function findLeftBehind({ api }: Product, { dangling = 0 }: Shape, { rows }: Files): Promise<string[]> {
  const types = typesOf(connector);
  const users = (await api.counts(types.users)).resources;
  const memberships = (await api.counts(types.groups)).links['members'] ?? 0;
  const faults = [];
  if (users !== rows.users) faults.push(`${String(users)} users are stored, the file has ${String(rows.users)}`);
  const sound = rows.memberships - dangling;
  if (memberships !== sound)
    faults.push(`${String(memberships)} memberships are stored, the file has ${String(sound)} that do not dangle`);
  return faults;
}
