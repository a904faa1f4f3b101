import { describe, expect, it } from 'vitest';
import { SyncError } from './errors.ts';
import { secondsInPlace, Throttled, type Busy } from './throttle.ts';

const busy = (more: Partial<Busy>) => () =>
  secondsInPlace({ askedSeconds: undefined, times: 0, waitedSeconds: 0, resumable: true, ...more });
function refused(more: Partial<Busy>): unknown {
  try {
    return busy(more)();
  } catch (error) {
    return error;
  }
}

describe('the wait for a busy source', () => {
  it('is as long as the source says; if it does not say, a second, and twice as long each time', () => {
    expect(busy({ askedSeconds: 7, times: 3 })()).toBe(7);
    expect([0, 1, 2, 5, 6, 60].map((times) => busy({ times, resumable: false })())).toEqual([1, 2, 4, 32, 60, 60]);
    expect(busy({ askedSeconds: -3 })()).toBe(0);
  });

  it('is made in place up to a minute, and else without a slot, at most 15 minutes at a time', () => {
    expect(busy({ askedSeconds: 60 })()).toBe(60);
    expect(busy({ askedSeconds: 10, waitedSeconds: 50 })()).toBe(10);
    expect(refused({ askedSeconds: 61 })).toMatchObject({ code: 'throttled', waitSeconds: 61 });
    expect(refused({ askedSeconds: 11, waitedSeconds: 50 })).toMatchObject({ waitSeconds: 11 });
    expect(refused({ askedSeconds: 86_400 })).toMatchObject({ waitSeconds: 900 });
  });

  it('is made in place up to 15 minutes if nothing can go on later, and then ends the sync', () => {
    expect(busy({ askedSeconds: 900, resumable: false })()).toBe(900);
    const error = refused({ askedSeconds: 60, waitedSeconds: 850, resumable: false });
    expect(error).toBeInstanceOf(SyncError);
    expect(error).not.toBeInstanceOf(Throttled);
    expect(error).toMatchObject({ code: 'throttled', retryable: false });
  });
});
