import { eachError } from '../repository/row-errors.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';

/** Writes errors.csv of a sync beside its export, if the sync has errors. A repeat writes the same file again. */
export async function writeErrorFile({ db, store }: Dependencies, sync: SyncRow): Promise<void> {
  let file: Awaited<ReturnType<typeof store.openErrorFile>> | undefined;
  for await (const page of eachError(db, sync.no)) {
    file ??= await store.openErrorFile({ connector: sync.connectorName, syncId: sync.id });
    await file.write(page);
  }
  await file?.close();
}
