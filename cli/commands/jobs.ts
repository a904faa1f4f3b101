import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { bodyOf, type Api } from '../client.ts';
import { confirm } from '../confirm.ts';
import { describeExecution, describeJob, schedule, type Execution, type Job } from '../describe-job.ts';
import { print, printJson, printTable, time } from '../output.ts';
import { patiently } from '../patience.ts';
import { reach, type Reach } from '../reach.ts';

interface SetOptions {
  mode?: 'complete' | 'incremental';
  connector?: string[];
  all?: boolean;
  managedOnly?: boolean;
  cron?: string;
  timezone?: string;
  overlap?: 'skip' | 'wait';
}

/** Jobs: the schedules by which syncs run by themselves. */
export function jobsCommand(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('jobs with their next runs; jobs --help lists the commands for one job')
    .action(async (_options: unknown, command: Command) => {
      const { api, json, hint } = await reach(command);
      const page = bodyOf(await api.GET('/v1/jobs', { params: { query: { limit: 500 as never } } }));
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['job', 'mode', 'connectors', 'schedule', 'next run (UTC)', 'last execution'],
        page.items.map((job) => [
          job.name,
          `${job.mode}${job.managedOnly ? ', managed' : ''}`,
          job.connectors.join(' '),
          schedule(job),
          job.paused ? 'paused' : time(job.nextRuns[0] ?? null),
          job.lastExecution ? `${job.lastExecution.status}, ${time(job.lastExecution.createdAt)}` : '',
        ]),
        `There is no job. Make one: ${hint('jobs set nightly --all --cron "0 2 * * *"')}`,
      );
    });

  jobs
    .command('show <name>')
    .description('one job, with its next runs')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { api, json, hint } = await reach(command);
      tellJob(await find(api, name), json, hint);
    });

  jobs
    .command('set <name>')
    .description('create a job, or change the fields that the options name')
    .addOption(new Option('--mode <mode>').choices(['complete', 'incremental']))
    .option('--connector <name...>', 'connectors of the job')
    .addOption(new Option('--all', 'all active connectors').conflicts('connector'))
    .option('--managed-only', 'only managed resources')
    .option('--no-managed-only', 'all resources')
    .option('--cron <expression>', 'five fields: minute hour day-of-month month day-of-week')
    .option('--timezone <zone>', 'IANA time zone; default: UTC')
    .addOption(
      new Option('--overlap <how>', 'what a new execution does if another one is running').choices(['skip', 'wait']),
    )
    .action(async (name: string, options: SetOptions, command: Command) => {
      const { api, json, hint } = await reach(command);
      const before = await findIfAny(api, name);
      const connectors = options.all ? ['*'] : (options.connector ?? before?.connectors);
      const job = bodyOf(
        await api.PUT('/v1/jobs/{name}', {
          params: { path: { name }, header: before ? { 'if-match': `"${String(before.revision)}"` } : {} },
          body: {
            mode: options.mode ?? before?.mode ?? 'complete',
            // the server says what is missing
            connectors: connectors ?? [],
            managedOnly: options.managedOnly ?? before?.managedOnly ?? false,
            cron: options.cron ?? before?.cron ?? '',
            timezone: options.timezone ?? before?.timezone ?? 'UTC',
            overlap: options.overlap ?? before?.overlap ?? 'skip',
            paused: before?.paused ?? false,
            pauseNote: before?.pauseNote ?? null,
          },
        }),
      );
      tellJob(job, json, hint);
    });

  jobs
    .command('run <name>')
    .description('run a job now')
    .option('--wait', 'wait until it has ended')
    .action(async (name: string, options: { wait?: boolean }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const started = bodyOf(
        await api.POST('/v1/jobs/{name}/run', {
          params: { path: { name }, header: { 'idempotency-key': randomUUID() } },
        }),
      );
      const execution = options.wait ? await ended(api, started, json) : started;
      if (json) printJson(execution);
      else if (options.wait) print(describeExecution(execution, hint));
      else print(`started ${execution.id}\nlook at it: ${hint(`jobs execution ${execution.id}`)}`);
      if (options.wait) process.exitCode = exitCodeOf(execution);
    });

  for (const action of ['pause', 'unpause'] as const) {
    const paused = jobs
      .command(`${action} <name>`)
      .description(action === 'pause' ? 'stop the schedule of a job' : 'let a paused job run again');
    if (action === 'pause') paused.option('--note <text>', 'the reason; kept with the job, and shown in Temporal');
    paused.action(async (name: string, options: { note?: string }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const params = { path: { name }, header: { 'idempotency-key': randomUUID() } };
      const body = options.note === undefined ? {} : { note: options.note };
      const job = bodyOf(
        action === 'pause'
          ? await api.POST('/v1/jobs/{name}/pause', { params, body })
          : await api.POST('/v1/jobs/{name}/unpause', { params }),
      );
      tellJob(job, json, hint);
    });
  }

  jobs
    .command('delete <name>')
    .description('delete a job; its executions stay')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { yes?: boolean }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const job = await find(api, name);
      if (!options.yes)
        await confirm({
          to: `delete the job ${name}`,
          summary: describeJob(job, hint),
          question: job.builtin ? 'Delete it? This cannot be undone. The job came with Syncline.' : 'Delete it?',
          refused: 'Nothing was deleted.',
        });
      const { response, error } = await api.DELETE('/v1/jobs/{name}', { params: { path: { name } } });
      if (!response.ok) bodyOf({ error, response });
      if (json) printJson({ deleted: name });
      else print(`deleted ${name}`);
    });

  jobs
    .command('executions [name]')
    .description('executions of a job, or of all jobs, newest first')
    .option('--status <status>')
    .option('--since <time>', 'like 2026-01-31T10:00:00Z')
    .option('--limit <n>', 'how many', '20')
    .action(
      async (
        name: string | undefined,
        options: { status?: string; since?: string; limit: string },
        command: Command,
      ) => {
        const { api, json, hint } = await reach(command);
        const query = {
          limit: options.limit as never,
          ...(options.status === undefined ? {} : { status: options.status as never }),
          ...(options.since === undefined ? {} : { since: options.since }),
        };
        const page = bodyOf(
          name === undefined
            ? await api.GET('/v1/executions', { params: { query } })
            : await api.GET('/v1/jobs/{name}/executions', { params: { path: { name }, query } }),
        );
        if (json) {
          printJson(page);
          return;
        }
        printTable(
          ['asked for', 'job', 'by', 'status', 'connectors', 'reason', 'id'],
          page.items.map((each) => [
            time(each.scheduledAt ?? each.createdAt),
            each.job,
            each.startedBy,
            each.status,
            tally(each),
            each.reason ?? '',
            each.id,
          ]),
          name === undefined
            ? `No job has run yet. Run one: ${hint('jobs run NAME --wait')}`
            : `${name} has not run yet. Run it: ${hint(`jobs run ${name} --wait`)}`,
        );
      },
    );

  jobs
    .command('execution <id>')
    .description('one execution, with the result of each connector')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { api, json, hint } = await reach(command);
      const execution = bodyOf(await api.GET('/v1/executions/{id}', { params: { path: { id } } }));
      if (json) printJson(execution);
      else print(describeExecution(execution, hint));
    });
}

async function findIfAny(api: Api, name: string): Promise<Job | undefined> {
  const answer = await api.GET('/v1/jobs/{name}', { params: { path: { name } } });
  return answer.response.status === 404 ? undefined : bodyOf(answer);
}

const find = async (api: Api, name: string): Promise<Job> =>
  bodyOf(await api.GET('/v1/jobs/{name}', { params: { path: { name } } }));

function tellJob(job: Job, json: boolean, hint: Reach['hint']): void {
  if (json) printJson(job);
  else print(describeJob(job, hint));
}

/** `3 completed, 1 held`. */
function tally({ results }: Execution): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, n]) => `${String(n)} ${status}`).join(', ');
}

/** Follows an execution to its end. */
async function ended(api: Api, started: Execution, quiet: boolean): Promise<Execution> {
  let execution = started;
  let told = '';
  while (execution.endedAt === null) {
    await sleep(500);
    const path = { id: execution.id };
    execution = await patiently(async () => bodyOf(await api.GET('/v1/executions/{id}', { params: { path } })));
    const standing = `${execution.status} ${tally(execution)}`.trim();
    if (!quiet && standing !== told) process.stderr.write(`${standing}\n`);
    told = standing;
  }
  return execution;
}

function exitCodeOf({ status, results }: Execution): number {
  if (results.some((result) => result.status === 'held' || result.metStatus === 'held')) return 3;
  if (status === 'completed') return 0;
  if (status !== 'completed-with-errors') return 1;
  return results.every((result) => result.status.startsWith('completed') || result.status === 'skipped') ? 0 : 1;
}
