import { join } from 'node:path';
import type { Sync } from '../../domain/sync.ts';
import type { Api } from '../api.ts';
import { connectorFile, typesOf } from '../connector.ts';
import { generate, generateLinkDelta } from '../generate.ts';
import { placeDelta, placeSnapshot } from '../place.ts';
import { userKey } from '../rows.ts';
import { deltaChanges } from '../scenarios.ts';
import type { Shape } from '../sizes.ts';

export interface Subject {
  api: Api;
  shape: Shape;
  /** The root that connectors read under. */
  files: string;
  /** A folder for what is generated. */
  scratch: string;
  /** What is done between two steps, and after the last. */
  after: (step: string) => Promise<void>;
}

const connector = 'bench';
/** A user with other values in each snapshot. */
const changed = 111;

/** Takes a product that has stored nothing through everything whose statements have plans worth keeping. */
export async function goThrough({ api, shape, files, scratch, after }: Subject): Promise<void> {
  const put = (more: object = {}) => api.putConnector({ ...connectorFile(connector), ...more });
  const snapshot = async (which: 'before' | 'after', order: number) => {
    const { folder } = await generate(shape, which, order, join(scratch, which));
    await placeSnapshot(folder, files, connector);
  };
  const settled = async (sync: Sync, awaited?: readonly string[]) => {
    const done = await api.settled(sync.id, awaited);
    if (done.status !== 'held' && !done.status.startsWith('completed'))
      throw new Error(`A sync ended ${done.status}: ${done.error?.message ?? ''}`);
    return done;
  };
  const complete = async () => settled(await api.startSync(connector, 'complete'));
  const resume = async (sync: Sync) => {
    await api.resume(sync);
    return settled(sync, ['held', 'running']);
  };

  await snapshot('before', 0);
  await put();
  const first = await complete();
  await resume(first);
  await after('first load');

  await snapshot('before', 1);
  await complete();
  await after('unchanged, rows in another order');

  // of another revision everything is compared, not only the lines that differ
  await put({ displayName: 'Once more' });
  await complete();
  await after('unchanged, everything compared');

  await snapshot('after', 0);
  await complete();
  await after('1 % changed');

  await generateLinkDelta(shape, deltaChanges, scratch);
  await placeDelta(join(scratch, 'memberships-0001.csv'), files, connector, 'memberships-0001.csv');
  await settled(await api.startSync(connector, 'incremental'));
  await after('incremental, 1,000 links');

  // held, and overtaken by another sync before it is resumed
  await put({ thresholds: { maximumUpdatedLines: 0 } });
  await snapshot('before', 0);
  const held = await complete();
  await put();
  const users = typesOf(connector).users;
  const key = userKey(changed);
  const scope = { keys: { [users]: [[key]] } };
  await settled(await api.call<Sync>('POST', `/v1/connectors/${connector}/syncs`, { mode: 'complete', scope }));
  await resume(held);
  await after('1 % changed, overtaken in part');

  const resources = `/v1/entity-types/${users}/resources`;
  await api.call('GET', `${resources}?limit=500`);
  await api.call('GET', `${resources}?limit=500&asOf=${first.id}`);
  await api.call('GET', `${resources}/${encodeURIComponent(key)}/history?limit=50`);
  await after('reads');
}
