import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostRefusals, type DraftRule, type RowDecision } from '../domain/draft.ts';
import { row } from '../repository/database.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import type { Dependencies } from './dependencies.ts';
import { createDraft } from './draft.ts';

const id = randomUUID();
const digest = 'sha256:held';

describe('a draft of a large change set', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
    const { sync } = await r.diff({ people: [], groups: [], members: [] });
    await r.db.raw(
      `insert into syncline.change (part, sync, entity_type, operation, resource, key, after)
       select -1, ?, ?, 'i', n, 'E' || n, '{}' from generate_series(1, ?::int) n`,
      [sync, r.person, mostRefusals + 1],
    );
    await r.db.raw(`update syncline.sync set id = ?, status = 'held', digest = ?, change_count = ? where no = ?`, [
      ...[id, digest, mostRefusals + 1, sync],
    ]);
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  const create = (rules: DraftRule[], otherwise: RowDecision) =>
    createDraft({ db: r.db } as Dependencies, id, { digest, rules, otherwise, note: null, by: 'test' });
  const one: DraftRule = { decision: 'apply', filter: { entityType: 'hr_Person', keys: [['E7']] } };

  it('refuses at most 10,000 changes one by one, and leaves nothing behind if it would refuse more', async () => {
    await expect(create([], 'refuse')).rejects.toMatchObject({ code: 'too-many-refusals' });
    expect(await row(r.db, 'select count(*) as drafts from syncline.draft')).toEqual({ drafts: 0 });
    expect((await create([one], 'refuse')).counts).toMatchObject({ apply: 1, refuse: mostRefusals });
  });

  it('defers any number', async () => {
    expect((await create([], 'defer')).counts).toMatchObject({ apply: 0, defer: mostRefusals + 1 });
  });
});
