import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { delays } from '../describe.ts';
import { Failure } from '../failure.ts';
import type { components } from '../generated/api.ts';
import { count, print, printJson, printTable, time } from '../output.ts';
import { reach, type Reach } from '../reach.ts';

type Status = components['schemas']['ConnectorStatus'];
type Mention = NonNullable<Status['lastSuccess']>;
type Counts = NonNullable<Status['counts']['users']>;

export function statusCommand(program: Command): void {
  program
    .command('status [connector]')
    .description('the state of each connector: last and next sync, held sync, breaker, open errors')
    .option('--limit <n>', 'how many', '100')
    .action(async (connector: string | undefined, options: { limit: string }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const page = bodyOf(
        await api.GET('/v1/sync-status', {
          params: {
            query: { limit: options.limit as never, ...(connector === undefined ? {} : { connector }) },
          },
        }),
      );
      const [only] = page.items;
      if (connector !== undefined && !only)
        throw new Failure('not-found', `There is no connector ${connector}. ${hint('status')} lists the connectors.`);
      if (json) {
        printJson(connector === undefined ? page : only);
        return;
      }
      if (connector !== undefined && only) showOne(only, hint);
      else showAll(page.items, page.nextCursor !== null, hint);
    });
}

function showAll(connectors: Status[], more: boolean, hint: Reach['hint']): void {
  printTable(
    ['connector', 'last sync', 'how', 'by', 'status', 'held since', 'next sync', 'breaker', 'errors'],
    connectors.map((each) => [
      each.active ? each.connector : `${each.connector} (deactivated)`,
      time(each.lastSync?.at ?? null),
      each.lastSync ? howOf(each.lastSync) : '',
      each.lastSync?.syncedBy ?? '',
      each.runningSync
        ? `${each.lastSync?.status ?? ''} (${standingOf(each.runningSync)})`
        : (each.lastSync?.status ?? 'never'),
      time(each.heldSince),
      each.nextSync ? nextOf(each.nextSync) : '',
      each.quarantine ? `quarantine until ${time(each.quarantine.until)}` : breakerOf(each.breaker),
      count(each.openErrors),
    ]),
    `There are no connectors yet. Load a connector file: ${hint('apply -f FILE')}`,
  );
  if (more) print(`These are the first ${count(connectors.length)}; raise --limit for more.`);
}

function showOne(status: Status, hint: Reach['hint']): void {
  const { connector, lastSync, lastSuccess, runningSync, heldSync, heldSince, nextSync } = status;
  print(`${connector}: ${status.displayName}${status.active ? '' : ', deactivated'}`);
  print(`  last sync     ${lastSync ? `${mentionOf(lastSync)}, ${lastSync.status}` : 'never'}`);
  if (lastSuccess && lastSuccess.syncId !== lastSync?.syncId) print(`  last applied  ${mentionOf(lastSuccess)}`);
  if (runningSync) {
    print(`  running       ${mentionOf(runningSync)}, ${runningSync.phase ?? runningSync.status}`);
    for (const line of delays(runningSync)) print(`                ${line}`);
  }
  if (heldSync) {
    const { stage } = heldSync.waitingFor ?? {};
    const told = stage === undefined || stage === 'waiting' ? '' : `, ${stage}`;
    print(`  held since    ${time(heldSince)}, ${howOf(heldSync)}${told}: ${hint(`review ${heldSync.syncId}`)}`);
    const expiresAt = heldSync.waitingFor?.expiresAt;
    if (expiresAt) print(`  expires       ${time(expiresAt)}: then it is rejected, if nobody decides`);
  }
  print(`  next sync     ${nextSync ? nextOf(nextSync) : 'none is planned'}`);
  if (status.quarantine) print(`  quarantine    ${status.quarantine.reason}`);
  const needs = status.needsComplete;
  if (needs)
    print(
      `  needs         a complete sync, since ${time(needs.since)} (${needs.code}): ${hint(`sync ${connector} --watch`)}`,
    );
  for (const each of status.connections)
    print(
      `  ${each.connection}: breaker ${breakerOf(each)}${each.lastError ? `, ${each.lastError.code}: ${each.lastError.message}` : ''}`,
    );
  for (const kind of ['users', 'groups'] as const) {
    const counts = status.counts[kind];
    if (counts) print(`  ${kind.padEnd(12)}  ${describeCounts(counts)}`);
  }
  print(
    status.openErrors === 0
      ? '  no open errors'
      : `  open errors   ${count(status.openErrors)}: ${hint(`errors --connector ${connector}`)}`,
  );
  printTable(
    ['entity type', 'last sync', 'how', 'by', 'next sync', 'impacted', 'succeeded', 'unsynced', 'partial', 'failed'],
    status.entityTypes.map((type) => [
      type.retired ? `${type.entityType} (retired)` : type.entityType,
      time(type.lastSync?.at ?? null),
      type.lastSync ? howOf(type.lastSync) : 'never',
      type.lastSync?.syncedBy ?? '',
      type.nextSync ? nextOf(type.nextSync) : '',
      ...(['impacted', 'succeeded', 'unsynced', 'partial', 'failed'] as const).map((name) => count(type.counts[name])),
    ]),
    'It has no entity types.',
  );
}

/** The status of a running sync, and the reason why it waits, if it waits. */
const standingOf = ({ status, waitingFor, retry }: NonNullable<Status['runningSync']>) =>
  retry ? `${status}, to be tried again` : waitingFor ? `${status}, waits for its source` : status;

const mentionOf = (sync: Mention) => `${time(sync.at)}, ${howOf(sync)}, by ${sync.syncedBy}`;

/** `complete, job nightly` or `incremental, manual`. */
const howOf = ({ mode, trigger, job }: Mention) => `${mode}, ${job === null ? trigger : `job ${job}`}`;

const nextOf = ({ at, job, connection }: NonNullable<Status['nextSync']>) =>
  `${time(at)}, ${job === null ? `poll of ${connection ?? ''}` : `job ${job}`}`;

function breakerOf(breaker: Status['breaker']): string {
  if (!breaker) return '';
  const failures = breaker.failures === 0 ? '' : ` after ${count(breaker.failures)} failures`;
  return breaker.state + failures + (breaker.retryAt === null ? '' : `, next attempt ${time(breaker.retryAt)}`);
}

const describeCounts = (counts: Counts) =>
  `${count(counts.succeeded)} succeeded, ${count(counts.partial)} partial, ${count(counts.failed)} failed, ${count(counts.unsynced)} unsynced`;
