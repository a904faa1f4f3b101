import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { expiry } from '../describe.ts';
import { Failure } from '../failure.ts';
import { note, print, printJson } from '../output.ts';
import { reach } from '../reach.ts';
import { describeEnded, describeSummary } from '../review/describe-summary.ts';
import { carryOut } from '../review/carry-out.ts';
import { walkThrough, type Terminal } from '../review/walk.ts';

/** `review`: summary, causes, groups, a draft, and the decision. */
export function reviewCommand(program: Command): void {
  program
    .command('review <id>')
    .description('go through a held sync: summary, causes, decisions by group, confirmation')
    .action(async (id: string, _options: object, command: Command) => {
      const { api, json, hint } = await reach(command);
      const sync = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
      const summary = bodyOf(await api.GET('/v1/syncs/{id}/summary', { params: { path: { id } } }));
      if (json) {
        printJson(summary);
        return;
      }
      if (sync.status !== 'held' || !process.stdin.isTTY) {
        print(sync.status === 'held' ? describeSummary(summary) : describeEnded(sync, summary));
        for (const line of expiry(sync)) print(line);
        if (sync.status === 'held') {
          note(
            `Decide with ${hint(`resume ${id}`)} or ${hint(`reject ${id} --reason "…"`)}. In a terminal, review asks.`,
          );
          process.exitCode = 3;
        }
        return;
      }
      const { terminal, close } = openTerminal();
      try {
        const decision = await walkThrough(api, sync, summary, terminal);
        print(await carryOut(api, id, decision));
      } finally {
        close();
      }
    });
}

function openTerminal(): { terminal: Terminal; close: () => void } {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new AbortController();
  lines.on('close', () => {
    ended.abort();
  });
  return {
    terminal: {
      tell: note,
      ask: (question) =>
        lines.question(question, { signal: ended.signal }).catch((cause: unknown) => {
          if (ended.signal.aborted) throw new Failure('unconfirmed', 'The input ended. Nothing was decided.');
          throw cause;
        }),
    },
    close: () => {
      lines.close();
    },
  };
}
