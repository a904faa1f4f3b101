/**
 * The statements that a sync, or a read of the past, stands or falls with. A pattern is of one statement in one line.
 * `plans.test.ts` fails where one of them is no longer met.
 */
export const coreStatements: Record<string, RegExp> = {
  'repeated-keys': /^create temp table repeated /,
  'resources-inserted': /^create temp table inserted_\w+ .*\bas\b/,
  'resources-updated': /^create temp table updated_\w+ .*\bas\b/,
  'resources-gone': /^create temp table deleted_\w+ .*\bas\b/,
  'resource-changes': /^insert into syncline\.change(_own_\d+)? \(/,
  'links-resolved': /^create temp table reference /,
  'links-wanted': /^create temp table wanted /,
  'links-unresolved': /^insert into syncline\.sync_error .*from reference/,
  'links-gone-with-an-end': /^create temp table gone /,
  'links-gone': /^insert into gone /,
  'links-added': /^create temp table added /,
  'link-changes': /^insert into syncline\.link_change(_own_\d+)? \(/,
  digest: /hash_record_extended/,
  'overtaken-resources': /^update syncline\.change(_\w+)? c set fate .*from syncline\.resource_/,
  'overtaken-links': /^update relinked c set left_out/,
  'overtaken-ends': /^update coming_and_going c set left_out/,
  'apply-resource-inserts': /^insert into syncline\.resource_\d+ /,
  'apply-resource-updates': /^update syncline\.resource_\d+ /,
  'apply-resource-deletes': /^delete from syncline\.resource_\d+ /,
  'apply-link-inserts': /^insert into syncline\.link_\d+ /,
  'apply-link-deletes': /^delete from syncline\.link_\d+ /,
  'as-of': /\bgone_at\b/,
  history: /order by h\.sync desc/,
  browse: /^select id, key, attributes, managed, sort_value.* from syncline\.resource_\d+ r where/,
};

export function coreStatementOf(sql: string): string | undefined {
  return Object.entries(coreStatements).find(([, pattern]) => pattern.test(sql))?.[0];
}
