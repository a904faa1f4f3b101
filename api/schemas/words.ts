import { syncKinds } from '../../domain/sync-kind.ts';
import { z } from 'zod';
import { causeCodes, certificateCodes, holdCodes, rowCodes, syncErrorCodes } from '../../domain/codes.ts';
import {
  changeStates,
  operations,
  priorities,
  revertThens,
  syncModes,
  syncStatuses,
  allTasks,
  triggers,
  undoneWatches,
  usersScopes,
} from '../../domain/sync.ts';

/** The enumerations of the contract. */
export const modeSchema = z.enum(syncModes);
export const taskSchema = z.enum(allTasks);
export const kindSchema = z.enum(syncKinds).describe('What makes the changes of a sync');
export const statusSchema = z.enum(syncStatuses);
const oneOfStatuses = `Invalid option: expected one of ${syncStatuses.map((each) => `"${each}"`).join('|')}`;
/** One status, or several. */
export const statusesSchema = z.union([statusSchema, z.array(statusSchema)], { error: () => oneOfStatuses });
export const triggerSchema = z.enum(triggers);
export const revertThenSchema = z.enum(revertThens);
export const undoneWatchSchema = z.enum(undoneWatches);
export const prioritySchema = z.enum(priorities);
export const operationSchema = z.enum(operations);
export const usersScopeSchema = z.enum(usersScopes);
export const changeStateSchema = z.enum(changeStates);
export const effectSchema = z.enum(['row-rejected', 'link-rejected', 'warning']);
export const rowCodeSchema = z.enum(rowCodes);
export const syncErrorCodeSchema = z.enum(syncErrorCodes);
export const openErrorCodeSchema = z.enum([...rowCodes, ...syncErrorCodes]);
export const holdCodeSchema = z.enum(holdCodes);
export const causeCodeSchema = z.enum(causeCodes);

export const timeSchema = z.string().describe('RFC 3339, UTC');
export const keySchema = z
  .array(z.string())
  .describe('One string for each key property, in the order of the file; at most 2,600 bytes of UTF-8 together');
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('null on the last page') });

export const certificateCodeSchema = z.enum(certificateCodes);
