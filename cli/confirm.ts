import { createInterface } from 'node:readline/promises';
import { Failure } from './failure.ts';

/**
 * Shows what the command will do and asks for a yes.
 * @throws Failure if there is no terminal, or the answer is not yes
 */
export async function confirm(wish: { to: string; summary: string; question: string; refused: string }): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Failure(
      'unconfirmed',
      `There is no terminal to ask for a confirmation. To ${wish.to}, add --yes.`,
      [],
      2,
    );
  process.stderr.write(`${wish.summary}\n\n`);
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(`${wish.question} (yes/no) `);
  ask.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('unconfirmed', wish.refused);
}
