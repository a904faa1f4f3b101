import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import type { Queryable } from '../repository/database.ts';
import { insertDraft } from '../repository/drafts/drafts.ts';
import { requireDecidable } from './judge.ts';

const digestOfDraft = 'sha256:d1';

describe('the judgement of a decision before it is sent', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  it('tells who resumes a draft that another decision was first, although the draft has ended with it', async () => {
    const { sync, digest } = await r.diff({ people: [{ id: 'E1', name: 'Ann' }], groups: [], members: [] });
    const id = randomUUID();
    await r.db.raw(`update syncline.sync set id = ?, status = 'held', digest = ? where no = ?`, [id, digest, sync]);
    const applied = { deleted: 0, updated: 0, inserted: 0, linksDeleted: 0, linksUpdated: 0, linksInserted: 0 };
    await insertDraft(r.db, sync, {
      ...{ id: randomUUID(), digest: digestOfDraft, by: 'test', rules: [], otherwise: 'defer', note: null },
      counts: { apply: 0, refuse: 0, defer: 1, follows: 0, mixed: 0, suppressedAfter: 0, applied },
      conflicts: { count: 0, first: [] },
    });
    const wish = { action: 'resume', digest: digestOfDraft, reason: null, by: 'test' } as const;
    await expect(requireDecidable(r.db, id, wish)).resolves.toBeTypeOf('string');

    /** The other decision comes when the sync was looked at and the draft was not. */
    const raced = new Proxy(r.db, {
      get(db, name, receiver) {
        if (name !== 'raw') return Reflect.get(db, name, receiver) as unknown;
        return async (...call: Parameters<Queryable['raw']>) => {
          const found: unknown = await db.raw(...call);
          await db.raw(
            `update syncline.sync set decision = '{"action": "reject", "by": "other", "at": "2026-01-01T00:00:00Z"}' where no = ?`,
            [sync],
          );
          await db.raw('delete from syncline.draft where sync = ?', [sync]);
          return found;
        };
      },
    });
    await expect(requireDecidable(raced, id, wish)).rejects.toMatchObject({
      code: 'sync-not-held',
      members: { decision: { action: 'reject', by: 'other' } },
    });
    // of a sync that is still held, such a digest is stale
    await r.db.raw('update syncline.sync set decision = null where no = ?', [sync]);
    await expect(requireDecidable(r.db, id, wish)).rejects.toMatchObject({ code: 'stale-digest' });
  });
});
