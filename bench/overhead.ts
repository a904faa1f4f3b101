import { connectorFile } from './connector.ts';
import { firstChanges, noChanges } from './expected.ts';
import { generate } from './generate.ts';
import { measureSync, type SyncMeasurement } from './measure-sync.ts';
import { placeSnapshot } from './place.ts';
import type { Product } from './product.ts';
import type { Shape } from './sizes.ts';

const tiny: Shape = { users: 200, groups: 20, orgUnits: 2, membershipsPerUser: 1 };
const connector = 'tiny';
const times = 10;

/** What a sync costs before it does anything: a connector of 200 users whose files are the same as before. */
export async function measureOverhead(product: Product, scratch: string): Promise<SyncMeasurement[]> {
  const files = await generate(tiny, 'before', 0, scratch);
  await placeSnapshot(files.folder, product.files, connector);
  await product.api.putConnector(connectorFile(connector));
  const first = await measureSync(product, connector, 'complete', firstChanges(tiny));
  if (first.faults.length > 0) return [first];
  const measured: SyncMeasurement[] = [];
  for (let n = 0; n < times; n++) measured.push(await measureSync(product, connector, 'complete', noChanges));
  return measured;
}
