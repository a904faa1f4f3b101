import type { Request, Response } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dependencies } from '../../api/dependencies.ts';
import { onceForKey } from '../../api/idempotency.ts';
import { closePools, openPools } from '../../api/pools.ts';
import type { Answer } from '../../api/route.ts';
import { row } from '../../repository/database.ts';
import { claimKey, forgetKey, keepAnswer, keepClaim } from '../../repository/idempotency.ts';
import { createTestDatabase } from '../support/database.ts';

const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];

describe('the claim of an Idempotency-Key', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pools: ReturnType<typeof openPools>;
  beforeAll(async () => {
    database = await createTestDatabase();
    pools = openPools(database.url);
  });
  afterEach(() => vi.useRealTimers());
  afterAll(async () => {
    await closePools(pools);
    await database.drop();
  });

  /** The time since then passes at once. */
  const pass = (key: string, column: 'created_at' | 'alive_at', interval: string) =>
    pools.db.raw(`update syncline.idempotency set ?? = ?? - ?::interval where key = ?`, [
      column,
      column,
      interval,
      key,
    ]);

  it('lives as long as its owner says so, however long the request takes', async () => {
    expect(await claimKey(pools.db, 'long', 'h', first)).toEqual({ kind: 'first' });
    await pass('long', 'created_at', '25 hours');
    expect(await claimKey(pools.db, 'long', 'h', second)).toEqual({ kind: 'in-progress' });
    await pass('long', 'alive_at', '3 minutes');
    expect(await keepClaim(pools.db, 'long', first)).toBe(true);
    expect(await claimKey(pools.db, 'long', 'h', second)).toEqual({ kind: 'in-progress' });
    await pools.db.raw(`update syncline.idempotency set created_at = now() where key = 'long'`);
    expect(await keepAnswer(pools.db, 'long', first, { status: 202, body: 'mine' })).toBe(true);
    expect(await claimKey(pools.db, 'long', 'h', second)).toMatchObject({ kind: 'answered', answer: { body: 'mine' } });
  });

  it('once lost is lost: the late owner neither answers nor frees it', async () => {
    await claimKey(pools.db, 'lost', 'h', first);
    await pass('lost', 'alive_at', '3 minutes');
    expect(await claimKey(pools.db, 'lost', 'h', second)).toEqual({ kind: 'first' });
    expect(await keepClaim(pools.db, 'lost', first)).toBe(false);
    expect(await keepAnswer(pools.db, 'lost', first, { status: 202, body: 'late' })).toBe(false);
    await forgetKey(pools.db, 'lost', first);
    expect(await claimKey(pools.db, 'lost', 'h', first)).toEqual({ kind: 'in-progress' });
    expect(await keepAnswer(pools.db, 'lost', second, { status: 202, body: 'right' })).toBe(true);
    expect(await keepAnswer(pools.db, 'lost', first, { status: 202, body: 'late' })).toBe(false);
    expect(await claimKey(pools.db, 'lost', 'h', first)).toMatchObject({ answer: { body: 'right' } });
  });

  const ask = (deps: object, key: string, run: () => Promise<Answer | undefined>) => {
    const request = { get: () => key, method: 'POST', originalUrl: '/v1/syncs', body: {} } as unknown as Request;
    const response = { setHeader: () => undefined } as unknown as Response;
    const log = { warn: () => undefined };
    return onceForKey({ ...deps, log } as unknown as Dependencies, request, response, run, () => undefined);
  };

  it('is kept alive while the request runs, which no other process then begins', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let finish: (answer: Answer) => void = () => undefined;
    let runs = 0;
    const run = () => {
      runs++;
      return new Promise<Answer>((resolve) => (finish = resolve));
    };
    const answer = ask(pools, 'running', run);
    await vi.waitFor(() => {
      expect(runs).toBe(1);
    });
    await pass('running', 'alive_at', '10 minutes');
    // even before it could say so, its own process knows
    await expect(ask(pools, 'running', run)).rejects.toMatchObject({ code: 'idempotency-in-progress' });
    vi.advanceTimersByTime(15_000);
    await vi.waitFor(async () => {
      const alive = await row<{ alive: boolean }>(
        pools.db,
        `select alive_at > now() - interval '1 minute' as alive from syncline.idempotency where key = 'running'`,
      );
      expect(alive?.alive).toBe(true);
    });
    const elsewhere = openPools(database.url);
    await expect(ask(elsewhere, 'running', run)).rejects.toMatchObject({ code: 'idempotency-in-progress' });
    finish({ status: 202, body: 'done' });
    expect(await answer).toEqual({ status: 202, body: 'done' });
    expect(await ask(elsewhere, 'running', run)).toMatchObject({ status: 202, body: 'done' });
    expect(runs).toBe(1);
    await closePools(elsewhere);
  });
});
