import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from './generate.ts';
import type { Peer } from './peers/peer.ts';
import { query, type BenchPostgres } from './postgres.ts';
import { pythonEnvironment } from './python-environment.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

export const peerSteps = ['first', 'again', 'changed'] as const;
export type PeerStep = (typeof peerSteps)[number];

export interface PeerResult {
  name: string;
  title: string;
  use: string;
  steps: Record<PeerStep, ProgramRun[]>;
  /** Rows that the source no longer has and the destination still does. */
  leftBehind?: { users: number; memberships: number };
  /** Why there are no measurements, or not all. */
  error?: string;
}

export interface PeerInput {
  runs: number;
  postgres: BenchPostgres;
  before: Files;
  after: Files;
  scratch: string;
  signal: AbortSignal;
  say: (line: string) => void;
}

const database = 'bench_peer';

/** The first load, the same files again, and the changed ones; each run in a database of its own. */
export async function measurePeer(peer: Peer, input: PeerInput): Promise<PeerResult> {
  const { postgres, signal, say } = input;
  const { name, title, use } = peer;
  const result: PeerResult = { name, title, use, steps: { first: [], again: [], changed: [] } };
  try {
    const environment = await pythonEnvironment(name, peer.requirements, signal);
    for (let run = 1; run <= input.runs; run++) {
      const databaseUrl = await postgres.createDatabase(database);
      const scratch = join(input.scratch, `${name}-${String(run)}`);
      await mkdir(scratch, { recursive: true });
      for (const step of peerSteps) {
        await postgres.settle(database);
        const files = step === 'changed' ? input.after : input.before;
        const program = await peer.load({ environment, databaseUrl, scratch }, files.folder);
        const measured = await runProgram(program, signal);
        result.steps[step].push(measured);
        say(`${name} run ${String(run)}: ${step} ${measured.seconds.toFixed(2)} s`);
        result.leftBehind = await findLeftBehind(peer, databaseUrl, files);
        if (step !== 'changed' && result.leftBehind.users + result.leftBehind.memberships !== 0)
          throw new Error(`it loaded other numbers of rows than the files have: ${JSON.stringify(result.leftBehind)}`);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    result.error = withoutPlaces(error instanceof Error ? error.message : String(error));
    say(`${name}: ${result.error}`);
  } finally {
    await postgres.dropDatabase(database);
  }
  return result;
}

/** Results are published: where this machine keeps things and whom it asks is nobody's business. */
const withoutPlaces = (text: string) =>
  text
    .replace(/\b[a-z+]+:\/\/\S+/g, '…')
    .replace(/host='[^']*'/g, 'host=…')
    .replace(/(\/[\w.+~-]+){2,}/g, (path) => `…${path.slice(path.lastIndexOf('/'))}`);

async function findLeftBehind(
  peer: Peer,
  databaseUrl: string,
  { rows }: Files,
): Promise<{ users: number; memberships: number }> {
  return query(databaseUrl, async (client) => {
    const count = async (table: 'users' | 'memberships') => {
      const found = await client.query<{ n: string }>(`select count(*) as n from ${peer.destination(table)}`);
      return Number(found.rows[0]?.n) - rows[table];
    };
    return { users: await count('users'), memberships: await count('memberships') };
  });
}
