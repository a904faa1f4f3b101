import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { openDatabase, row, type Database, type Transaction } from './database.ts';
import { afterPage, atFirst, lackedOf, type EventPlace } from './event-places.ts';
import { readEvents } from './events.ts';
import { addEvent } from './sync-log.ts';

/** Numbers are given when a row is written. What a reader gets must not depend on the order in which transactions end. */
describe('events of a sync, written by several transactions', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let open: Transaction[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 8, statementTimeoutMs: 60_000 });
    await db.raw(`insert into syncline.connector (name, display_name) values ('hr', 'HR')`);
  });
  afterEach(async () => {
    for (const tx of open) if (!tx.isCompleted()) await tx.rollback();
    open = [];
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  async function newSync(): Promise<number> {
    const made = await row<{ no: number }>(
      db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id)
       select gen_random_uuid(), id, 'complete', 'complete', '{export}', 'running', 'manual', 'normal', 'user:local', 1, 'sync:hr'
       from syncline.connector returning no`,
    );
    return made?.no ?? 0;
  }
  const begin = async () => {
    const tx = await db.transaction();
    open.push(tx);
    return tx;
  };
  const tell = (on: Database | Transaction, sync: number, message: string) => addEvent(on, sync, 'log', { message });

  /** Reads to the end like a listener, and remembers what it was told. */
  class Reader {
    readonly told: unknown[] = [];
    /** How much was told by readings that broke. */
    broken = 0;
    place: EventPlace = atFirst;
    readonly #sync: number;
    readonly #limit: number;
    constructor(sync: number, limit = 100) {
      this.#sync = sync;
      this.#limit = limit;
    }
    /** @param breakAfter the connection breaks after so many events: the reader goes on from the place of the last one */
    async read(breakAfter = Infinity): Promise<this> {
      let told = 0;
      for (;;) {
        const page = await readEvents(db, this.#sync, this.place, this.#limit);
        for (const { event, place } of lackedOf(this.place, page)) {
          if (told++ >= breakAfter) {
            this.broken += breakAfter;
            return this;
          }
          this.told.push(event.data['message']);
          this.place = place;
        }
        this.place = afterPage(this.place, page);
        if (page.events.length < this.#limit) return this;
      }
    }
  }

  it('are read once each, also those of a transaction that ended after events with higher numbers were read', async () => {
    const sync = await newSync();
    const slow = await begin();
    await tell(slow, sync, 'slow 1');
    await tell(db, sync, 'quick 1');
    const reader = await new Reader(sync).read();
    expect(reader.told).toEqual(['quick 1']);
    await tell(slow, sync, 'slow 2');
    await tell(db, sync, 'quick 2');
    await reader.read();
    // a transaction that takes long keeps nobody from what others tell
    expect(reader.told).toEqual(['quick 1', 'quick 2']);
    await slow.commit();
    await reader.read();
    expect(reader.told).toEqual(['quick 1', 'quick 2', 'slow 1', 'slow 2']);
    expect((await reader.read()).told).toHaveLength(4);
    expect((await new Reader(sync).read()).told).toEqual(['slow 1', 'quick 1', 'slow 2', 'quick 2']);
  });

  it('of a transaction that is rolled back never come', async () => {
    const sync = await newSync();
    const failing = await begin();
    await tell(failing, sync, 'failed');
    await tell(db, sync, 'one');
    const reader = await new Reader(sync).read();
    await failing.rollback();
    await tell(db, sync, 'two');
    expect((await reader.read()).told).toEqual(['one', 'two']);
  });

  it('of another sync are left out, late ones too', async () => {
    const [mine, other] = [await newSync(), await newSync()];
    const slow = await begin();
    await tell(slow, other, 'of another');
    await tell(db, mine, 'mine');
    const reader = await new Reader(mine).read();
    await slow.commit();
    expect((await reader.read()).told).toEqual(['mine']);
  });

  it('are read once each by many writers, pages and broken connections, in any order of ends', async () => {
    const sync = await newSync();
    const [reader, steady] = [new Reader(sync, 3), new Reader(sync, 3)];
    const expected: string[] = [];
    // the same steps each time: numbers that look like chance
    let seed = 7;
    const next = (n: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    let writers: Transaction[] = [];
    for (let i = 0; i < 160; i++) {
      if (writers.length < 5) writers.push(await begin());
      const writer = writers[next(writers.length)];
      const message = `m${String(i)}`;
      if (writer) await tell(writer, sync, message);
      expected.push(message);
      if (next(3) === 0 && writer) {
        await writer.commit();
        writers = writers.filter((each) => each !== writer);
      }
      if (next(2) === 0) {
        await reader.read(next(4) === 0 ? next(3) : Infinity);
        await steady.read();
      }
    }
    for (const writer of writers) await writer.commit();
    await reader.read();
    await steady.read();
    expect(steady.told).toHaveLength(expected.length);
    expect(new Set(steady.told)).toEqual(new Set(expected));
    expect(new Set(reader.told)).toEqual(new Set(expected));
    // a connection that breaks between two late events gets the first of them again, and nothing else
    expect(reader.broken).toBeGreaterThan(0);
    expect(reader.told.length - expected.length).toBeLessThanOrEqual(reader.broken);
    expect((await new Reader(sync, 3).read()).told).toEqual(expected);
  });

  it('that came by a dump from another server, with transactions of that one, are read once', async () => {
    const sync = await newSync();
    await tell(db, sync, 'old');
    await db.raw(`update syncline.sync_event set xid = '4000000000' where sync = ?`, [sync]);
    await tell(db, sync, 'new');
    const reader = await new Reader(sync).read();
    await reader.read();
    expect(reader.told).toEqual(['old', 'new']);
  });

  it('of earlier versions, without a transaction, are read once, and a number alone goes on after it', async () => {
    const sync = await newSync();
    for (const message of ['one', 'two', 'three']) await tell(db, sync, message);
    await db.raw('update syncline.sync_event set xid = null where sync = ?', [sync]);
    const reader = await new Reader(sync).read();
    expect((await reader.read()).told).toEqual(['one', 'two', 'three']);
    const first = await row<{ seq: number }>(db, 'select min(seq) as seq from syncline.sync_event where sync = ?', [
      sync,
    ]);
    const later = new Reader(sync);
    later.place = { seq: first?.seq ?? 0, snapshot: null };
    expect((await later.read()).told).toEqual(['two', 'three']);
  });
});
