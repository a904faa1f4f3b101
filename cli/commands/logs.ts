import { Option, type Command } from 'commander';
import { bodyOf, type Api } from '../client.ts';
import type { components } from '../generated/api.ts';
import { followEvents } from '../event-stream.ts';
import { print, printJson, printJsonLine, time } from '../output.ts';
import { reach } from '../reach.ts';
import type { Target } from '../target.ts';

type LogLine = components['schemas']['LogLine'];
type Task = NonNullable<LogLine['task']>;

interface Options {
  follow?: boolean;
  task?: Task;
}

export function logsCommand(program: Command): void {
  program
    .command('logs <id>')
    .description('the log of a sync')
    .option('-f, --follow', 'show new lines until the sync has ended; with --json one object per line')
    .addOption(
      new Option('--task <task>', 'only lines of this task').choices([
        'export',
        'prepare',
        'synchronize',
        'update-expressions',
      ]),
    )
    .action(async (id: string, { follow, task }: Options, command: Command) => {
      const { api, json, target } = await reach(command);
      if (follow) {
        await followLog(api, target, id, task, json);
        return;
      }
      const items = await allLines(api, id, task);
      if (json) printJson({ items, nextCursor: null });
      else if (items.length === 0) print('The log is empty.');
      else for (const line of items) print(lineOf(line));
    });
}

async function allLines(api: Api, id: string, task: Task | undefined): Promise<LogLine[]> {
  const items: LogLine[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 500, ...(task ? { task } : {}), ...(cursor === undefined ? {} : { cursor }) };
    const page = bodyOf(await api.GET('/v1/syncs/{id}/log', { params: { path: { id }, query } }));
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** Log lines and changes of status as they come; for one task only its lines. */
async function followLog(api: Api, target: Target, id: string, task: Task | undefined, json: boolean): Promise<void> {
  const look = async () => bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
  // fails if the sync does not exist
  await look();
  const stream = `${target.url}/v1/syncs/${encodeURIComponent(id)}/events`;
  for await (const event of followEvents(stream, target.headers, async () => (await look()).endedAt !== null)) {
    if (task !== undefined && event.data['task'] !== task) continue;
    // an older API says the number by the id alone
    if (json) printJsonLine({ seq: Number.parseInt(event.id, 10), type: event.type, ...event.data });
    else if (event.type === 'log') print(lineOf(event.data as unknown as LogLine));
    else if (event.type === 'status') print(statusLine(event.data));
  }
}

const lineOf = ({ at, task, level, message }: Pick<LogLine, 'at' | 'task' | 'level' | 'message'>) =>
  `${time(at)}  ${(task ?? '').padEnd(18)}  ${level === 'info' ? '' : `${level}: `}${message}`;

const statusLine = (data: Record<string, unknown>) => {
  const [at, status, phase] = ['at', 'status', 'phase'].map((name) => data[name]);
  return `${time(String(at))}  ${typeof phase === 'string' ? phase.padEnd(18) : ' '.repeat(18)}  ${String(status)}`;
};
