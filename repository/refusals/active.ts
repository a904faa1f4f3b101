import { row, type Queryable } from '../database.ts';

/** Condition for the refusals that count now. */
export const isActive = (alias: string) => `${alias}.ended_at is null and ${alias}.expires_at > statement_timestamp()`;

/** Whether any change of the connector is refused with memory: the one look that a sync without such changes takes. */
export async function hasRefusals(db: Queryable, connector: number): Promise<boolean> {
  const found = await row(db, `select 1 from syncline.refusal f where f.connector = ? and ${isActive('f')} limit 1`, [
    connector,
  ]);
  return found !== undefined;
}

/**
 * refused: the refusals that count for a comparison, one for each change. `fresh`: the sync began to read no earlier than the
 * one in which the change was refused, so it may end the refusal. `ends`: the change set proposes the change in another form, or
 * that of the refusal which it followed.
 */
export async function createRefused(tx: Queryable, sync: number): Promise<void> {
  await tx.raw(
    `create temp table refused on commit drop as
     select f.no, f.entity_type, f.property, f.operation, f.key, f.target_key, f.outcome, f.id, f.because,
       false as ends,
       f.sync <> s.no and f.read_at <= coalesce(s.export_started_at, s.created_at) as fresh
     from syncline.sync s join syncline.refusal f on f.connector = s.connector
     where s.no = ? and ${isActive('f')}`,
    [sync],
  );
  await tx.raw('analyze refused');
}

/** Refusals that followed others end with them, in the same change set: a resource that comes brings its links. */
export async function endFollowers(tx: Queryable): Promise<void> {
  await tx.raw(
    `with recursive ending(id) as (
       select id from refused where ends
       union
       select f.id from refused f join ending e on f.because = e.id
     ) update refused f set ends = true from ending e where f.id = e.id and not f.ends`,
  );
}

/** What a change ends in, as refusals remember it: 256 bits, so that nobody can make another that is taken for it. */
const hashOf = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`;

/** @param attributes SQL for all attributes that the resource would have */
export const outcomeOf = (attributes: string) => hashOf(`jsonb_strip_nulls(${attributes})::text`);

/** @param targetKey SQL for the key of the target of a move */
export const outcomeOfMove = (targetKey: string) => hashOf(targetKey);
