import type { Execution, PlanNode } from './plan.ts';
import { splitStatements } from './split-statements.ts';

const entry = /^\S+ \S+ \S+ \[(\d+)\] LOG: {2}duration: ([\d.]+) ms {2}plan:$/;

interface Logged {
  pid: string;
  duration: number;
  text: string;
  plan: PlanNode;
}

/**
 * Reads what auto_explain has logged as JSON. Several statements that were sent as one text are logged one by one, each
 * with the whole text: they are told apart by their order.
 */
export function readLog(log: string): Execution[] {
  const found: Execution[] = [];
  const open = new Map<string, { text: string; statements: string[]; next: number }>();
  for (const { pid, duration, text, plan } of entriesOf(log)) {
    // checks of foreign keys run inside others
    if (/^\s*SELECT \S+ FROM ONLY/.test(text)) continue;
    let group = open.get(pid);
    if (!group || group.text !== text || group.next >= group.statements.length) {
      group = { text, statements: splitStatements(text).filter(isPlanned), next: 0 };
      open.set(pid, group);
    }
    const sql = group.statements[group.next++] ?? text;
    found.push({ sql: sql.replaceAll(/\s+/g, ' ').trim(), duration, plan });
  }
  return found;
}

function* entriesOf(log: string): Generator<Logged> {
  let head: RegExpExecArray | undefined;
  let lines: string[] = [];
  const finish = function* (): Generator<Logged> {
    if (!head) return;
    const { 'Query Text': text, Plan: plan } = JSON.parse(lines.join('\n')) as { 'Query Text': string; Plan: PlanNode };
    yield { pid: head[1] ?? '', duration: Number(head[2]), text, plan };
    head = undefined;
  };
  for (const line of log.split('\n')) {
    // lines of an entry after its first begin with a tab
    if (head && line.startsWith('\t')) lines.push(line.slice(1));
    else {
      yield* finish();
      head = entry.exec(line) ?? undefined;
      lines = [];
    }
  }
  yield* finish();
}

/** Whether a statement has a plan; `analyze`, `drop table` and the like have none. */
const isPlanned = (sql: string) =>
  /^(select|with|insert|update|delete|merge|values|create (temp|temporary|unlogged)? ?table (if not exists )?\S+( \([^)]*\))?( on commit \w+( rows)?)? as)\b/i.test(
    sql,
  );
