import type { Condition } from '../change-filter.ts';
import { row, touched, withoutLoops, type Queryable } from '../database.ts';
import type { Matcher } from './match.ts';
import { makeParts, type DecidedParts } from './parts.ts';

/** How a row follows another one. */
const reason = 'decision, follows_rule, because';

/**
 * Decides the rows one by one, and then lets follow what cannot stand alone, until nothing changes; the more careful decision
 * wins. `because` is the row that another row follows in the end: the seq of a resource, or minus the seq of a link.
 * `follows_rule` is the rule of that row, or the row's own. It is the law by which apply leaves out rows, see
 * repository/overtaken.ts: a link needs both its ends, and a key belongs to one resource.
 *
 * Only rows that a rule chose or that are not applied are kept: every other row is applied. So a draft that leaves out few of two
 * million rows writes few.
 */
export async function decideRows(tx: Queryable, matcher: Matcher): Promise<DecidedParts> {
  const resources = 'decided_change';
  await decideResources(tx, resources, matcher.proposedRows('resource'));
  return withoutLoops(tx, async () => {
    const left = await hasLeftOut(tx, resources);
    if (left) await keepOut(tx, resources, matcher.allRows('resource'));
    const decided = decidedLinks(resources, matcher.proposedRows('link'));
    // where no link can spare an end, none is needed row by row: two million of them may follow
    const link = (await couldSpare(tx, resources, matcher))
      ? await untilAllFollow(tx, matcher, { resources, decided, left })
      : await makeParts(tx, 'link', decided);
    return { resource: await makeParts(tx, 'resource', ofTable(resources)), link };
  });
}

const ofTable = (table: string): Condition => ({ sql: `select * from ${table}`, bindings: [] });

/** Whether a delete is decided on less carefully than any row may be. */
async function couldSpare(tx: Queryable, resources: string, matcher: Matcher): Promise<boolean> {
  return (
    (await row(
      tx,
      `select 1 from (select * from ${matcher.allRows('resource')}) c left join ${resources} known on known.seq = c.seq
       where c.operation = 'd' and coalesce(known.decision, 0) < ${String(matcher.mostCare)} limit 1`,
    )) !== undefined
  );
}

async function untilAllFollow(
  tx: Queryable,
  matcher: Matcher,
  { resources, decided, left }: { resources: string; decided: Condition; left: boolean },
): Promise<string> {
  const links = 'decided_link_change';
  const all = { resource: matcher.allRows('resource'), link: matcher.allRows('link') };
  await tx.raw(`create temp table ${links} on commit drop as ${decided.sql}`, decided.bindings);
  await tx.raw(`analyze ${links} (seq, operation, decision)`);
  if (left || (await hasLeftOut(tx, links)))
    while ((await spareEnds(tx, resources, links, all.resource)) > 0) {
      await keepOut(tx, resources, all.resource);
      for (const end of ['source', 'target'] as const) await followEnd(tx, resources, links, all.link, end);
    }
  return makeParts(tx, 'link', ofTable(links));
}

async function hasLeftOut(tx: Queryable, table: string): Promise<boolean> {
  return (await row(tx, `select 1 from ${table} where decision > 0 limit 1`)) !== undefined;
}

async function decideResources(tx: Queryable, resources: string, { sql, bindings }: Condition): Promise<void> {
  await tx.raw(
    `create temp table ${resources} on commit drop as
     select p.*, wanted as decision, rule as follows_rule, null::bigint as because from (${sql}) p
     where p.rule > 0 or p.wanted > 0`,
    bindings,
  );
  // a temporary table has no statistics by itself, and the sides of a join with links would be exchanged
  await tx.raw(`analyze ${resources} (seq, operation, resource, decision)`);
}

/** The links, each with the decision of an end that is more careful than its own. */
function decidedLinks(resources: string, { sql, bindings }: Condition): Condition {
  const careful = (ofSource: string, ofTarget: string, own: string) => `case
    when s.decision > p.wanted and s.decision >= coalesce(t.decision, 0) then ${ofSource}
    when t.decision > p.wanted then ${ofTarget} else ${own} end`;
  // most changes of resources are updates, which no link needs
  const isEnd = (alias: string) => `${alias}.decision > 0 and ${alias}.operation <> 'u'`;
  return {
    sql: `select p.*, ${careful('s.decision', 't.decision', 'p.wanted')} as decision,
       ${careful('s.follows_rule', 't.follows_rule', 'p.rule')} as follows_rule,
       ${careful('coalesce(s.because, s.seq)', 'coalesce(t.because, t.seq)', 'null')} as because
     from (${sql}) p
       left join ${resources} s on ${isEnd('s')} and s.resource = p.source and s.operation = ${endOf('p')}
       left join ${resources} t on ${isEnd('t')} and t.resource = p.target and t.operation = ${endOf('p')}
     where p.rule > 0 or p.wanted > 0 or s.decision > 0 or t.decision > 0`,
    bindings,
  };
}

/** What a link needs of its ends: that they are inserted, or of a link that goes, that they are deleted. */
const endOf = (link: string) => `(case ${link}.operation when 'd' then 'd' else 'i' end)::"char"`;

/**
 * Gives rows a more careful decision.
 * @param given columns of the decided rows
 * @param found SQL of (the columns, decision, follows_rule, because): the decision of each is more careful than the row's own
 * @returns how many rows it gave one
 */
async function raise(tx: Queryable, decided: string, given: string, found: string): Promise<number> {
  const raised = await touched(tx, `create temp table raised on commit drop as ${found}`);
  if (raised > 0) {
    await tx.raw(
      `update ${decided} d set decision = r.decision, follows_rule = r.follows_rule, because = r.because
       from raised r where r.seq = d.seq;
       insert into ${decided} (${given}, rule, wanted, mixed, ${reason})
       select ${given}, 0, 0, false, ${reason} from raised where seq not in (select seq from ${decided})`,
    );
  }
  await tx.raw('drop table raised');
  return raised;
}

const resourceColumns = 'seq, operation, entity_type, resource, key';
const linkColumns = 'seq, operation, property, source, target, before_target';
const columnsOf = (names: string, alias: string) =>
  names
    .split(', ')
    .map((name) => `${alias}.${name}`)
    .join(', ');

/** A resource whose key another one was to give up does not come if that one stays. */
function keepOut(tx: Queryable, resources: string, all: string): Promise<number> {
  return raise(
    tx,
    resources,
    resourceColumns,
    `select ${columnsOf(resourceColumns, 'i')}, d.decision, d.follows_rule, coalesce(d.because, d.seq) as because
     from ${resources} d
       join (select * from ${all}) i on i.operation = 'i' and i.entity_type = d.entity_type and i.key = d.key
       left join ${resources} known on known.seq = i.seq
     where d.operation = 'd' and d.decision > coalesce(known.decision, 0)`,
  );
}

/** A link does not come without its end, and does not go with an end that stays. */
function followEnd(
  tx: Queryable,
  resources: string,
  links: string,
  all: string,
  end: 'source' | 'target',
): Promise<number> {
  return raise(
    tx,
    links,
    linkColumns,
    `select ${columnsOf(linkColumns, 'l')}, r.decision, r.follows_rule, coalesce(r.because, r.seq) as because
     from (select * from ${all}) l
       join ${resources} r on r.resource = l.${end} and r.operation = ${endOf('l')}
       left join ${links} known on known.seq = l.seq
     where r.decision > coalesce(known.decision, 0)`,
  );
}

/** A resource stays where a link stays at it: one whose delete or move is not applied. */
function spareEnds(tx: Queryable, resources: string, links: string, all: string): Promise<number> {
  const held = (end: string, operation: 'd' | 'u') => `
    select ${columnsOf(resourceColumns, 'c')}, l.decision, l.follows_rule, coalesce(l.because, -l.seq) as because
    from going c join ${links} l on l.${end} = c.resource and l.operation = '${operation}' and l.decision > c.own`;
  return raise(
    tx,
    resources,
    resourceColumns,
    // mostly no delete is left that a link could raise, and then no link is read again
    `with going as materialized (
       select ${columnsOf(resourceColumns, 'c')}, coalesce(known.decision, 0) as own
       from (select * from ${all}) c left join ${resources} known on known.seq = c.seq
       where c.operation = 'd'
         and coalesce(known.decision, 0) < (select max(decision) from ${links} where operation <> 'i'))
     select distinct on (seq) * from (
       ${held('source', 'd')} union all ${held('target', 'd')} union all ${held('before_target', 'u')}
     ) each order by seq, decision desc, because`,
  );
}
