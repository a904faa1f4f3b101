import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row } from '../../repository/database.ts';
import { wide } from '../support/connector.ts';
import { connectorFile, SeveralTargets } from '../support/several-targets.ts';
import { types } from '../support/several-targets-model.ts';

describe('a move of a link from one entity type to another', () => {
  let of: SeveralTargets;
  beforeAll(async () => {
    of = await SeveralTargets.start();
  });
  afterAll(() => of.stop());

  const tight = { ...wide, maximumLinkUpdatedLines: 0, maxLinkPercentageUpdatedLines: 0 };

  it('is one update, and undone as one', async () => {
    await of.syncs.put(connectorFile('move'));
    await of.small('move', 'a');
    await of.syncs.sync('move', 'complete');
    await of.small('move', 'g');
    const sync = await of.syncs.sync('move', 'complete');
    expect(sync.counters['move_Thing']?.links['owner']).toMatchObject({
      stored: 1,
      inserted: 0,
      updated: 1,
      deleted: 0,
    });
    expect(await of.changesOf(sync)).toEqual([
      { operation: 'd', before: null, after: 'Person a', fate: null },
      { operation: 'i', before: null, after: 'Group g', fate: null },
      { operation: 'u', before: 'Person a', after: 'Group g', fate: null },
    ]);
    const revert = await of.syncs.revert('move', [sync.id]);
    expect((await of.changesOf(revert)).filter(({ operation }) => operation === 'u')).toEqual([
      { operation: 'u', before: 'Group g', after: 'Person a', fate: null },
    ]);
    expect(await of.owner('move')).toEqual(['T > Person a']);
    expect(await of.broken()).toEqual([]);
  });

  it('goes as a whole with what a person decides of its ends', async () => {
    await of.syncs.put(connectorFile('draft', types, tight));
    await of.small('draft', 'a', { groups: ['h'] });
    await of.syncs.sync('draft', 'complete');
    // the new owner is not let in: the move does not happen, and the owner before stays although it is gone from the source
    await of.small('draft', 'g', { people: ['b'], groups: ['g', 'h'] });
    const sync = await of.syncs.sync('draft', 'complete', null, {
      rules: [{ decision: 'defer', filter: { kind: 'resource', entityType: 'draft_Group' } }],
      otherwise: 'apply',
    });
    expect(await of.owner('draft')).toEqual(['T > Person a']);
    expect((await of.changesOf(sync)).find(({ operation }) => operation === 'u')).toMatchObject({ fate: 'd' });
    expect(await of.broken()).toEqual([]);
    await of.syncs.sync('draft', 'complete');
    expect(await of.owner('draft')).toEqual(['T > Group g']);
  });

  it('is suppressed where it was refused, and told again where it leads elsewhere', async () => {
    await of.syncs.put(connectorFile('no', types, tight));
    await of.small('no', 'a');
    await of.syncs.sync('no', 'complete');
    await of.small('no', 'g');
    await of.syncs.sync('no', 'complete', null, {
      rules: [{ decision: 'refuse', filter: { kind: 'link', property: 'owner' } }],
      otherwise: 'apply',
    });
    expect(await of.owner('no')).toEqual(['T > Person a']);
    const next = await of.syncs.sync('no', 'complete');
    expect((await of.changesOf(next)).filter(({ operation }) => operation === 'u')).toEqual([
      { operation: 'u', before: 'Person a', after: 'Group g', fate: 's' },
    ]);
    await of.small('no', 'b');
    await of.syncs.sync('no', 'complete');
    expect(await of.owner('no')).toEqual(['T > Person b']);
    const left = await row<{ endedBy: string }>(
      of.syncs.db,
      `select f.ended_by as "endedBy" from syncline.refusal f join syncline.connector c on c.id = f.connector
       where c.name = 'no' and f.operation = 'u'`,
    );
    expect(left?.endedBy).toBe('changed');
  });

  it('is overtaken as a whole while it is held, where another sync has moved the link meanwhile', async () => {
    await of.syncs.put(connectorFile('late', types, tight));
    await of.small('late', 'a');
    await of.syncs.sync('late', 'complete');
    await of.small('late', 'g');
    const held = await of.syncs.find('late', 'complete');
    await of.small('late', 'h');
    await of.syncs.sync('late', 'complete', { keys: { late_Thing: [['T']] } });
    expect(await of.owner('late')).toEqual(['T > Group h']);
    const resumed = await of.syncs.decide(held.id, 'resume');
    expect((await of.changesOf(resumed)).find(({ operation }) => operation === 'u')).toMatchObject({ fate: 'o' });
    expect(await of.owner('late')).toEqual(['T > Group h']);
    expect(await of.broken()).toEqual([]);
  });
});
