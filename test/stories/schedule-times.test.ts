import { Client, Connection } from '@temporalio/client';
import { IANAZone } from 'luxon';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cronParts } from '../../domain/cron.ts';
import { nextRuns } from '../../domain/next-runs.ts';

const day = 86_400_000;

/** The changes of the clock in a zone within some 13 months from now, to the minute. */
function changes(zone: string): number[] {
  const offset = (at: number) => IANAZone.create(zone).offset(at);
  const found: number[] = [];
  const now = Math.floor(Date.now() / day) * day;
  for (let at = now; at < now + 400 * day; at += day) {
    if (offset(at) === offset(at + day)) continue;
    let [before, after] = [at, at + day];
    while (after - before > 60_000) {
      const middle = before + Math.floor((after - before) / 120_000) * 60_000;
      if (offset(middle) === offset(before)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return found;
}

// hours in the night, at midnight, of half an hour, of two hours; offsets of three quarters; west, east and south
const zones = [
  'America/New_York',
  'Europe/Paris',
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'America/Santiago',
  'Africa/Cairo',
  'Antarctica/Troll',
  'Pacific/Chatham',
];
const crons = ['30 1 * * *', '30 2 * * *', '*/20 0-3 * * *', '0 0 * * *', '15 1-23/2 * * *', '45 23 * * sun'];

describe('the next runs of a schedule', () => {
  let client: Client;
  beforeAll(async () => {
    client = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
  });
  afterAll(() => client.connection.close());

  it.each(zones)('are those of a Temporal server around each change of the clock in %s', async (zone) => {
    const found = changes(zone);
    expect(found.length).toBeGreaterThanOrEqual(2);
    const cases = found.slice(0, 2).flatMap((change) => crons.map((cron) => ({ cron, from: change - day })));
    await Promise.all(
      cases.map(async ({ cron, from }) => {
        const schedule = await client.schedule.create({
          scheduleId: `times-${crypto.randomUUID()}`,
          spec: { cronExpressions: cronParts(cron), timezone: zone, startAt: new Date(from) },
          action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
          state: { paused: true },
        });
        const { info } = await schedule.describe();
        await schedule.delete();
        const times = info.nextActionTimes.map((at) => at.toISOString().replace('.000Z', 'Z'));
        expect(times.length).toBeGreaterThan(5);
        expect({ cron, times }).toEqual({
          cron,
          times: nextRuns(cron, zone, times.length, new Date(from - 1000)),
        });
      }),
    );
  });
});
