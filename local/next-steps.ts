import type { LoadedExample } from './examples.ts';

export interface Addresses {
  api: string;
  /** The Temporal Web UI, if npm start runs it. */
  temporalUi: string | undefined;
  namespace: string;
}

const defaultApi = 'http://127.0.0.1:8080';

/** What to look at, and what to do next. */
export function nextSteps({ api, temporalUi, namespace }: Addresses, held: LoadedExample[]): string {
  const url = api === defaultApi ? '' : ` --url ${api}`;
  const [first] = held;
  const lines = [
    first ? `  Review           ${api}/syncs/${first.sync.id}/review` : `  Console          ${api}/`,
    `  API              ${api}/v1/connectors`,
    `  API docs         ${api}/docs`,
  ];
  if (temporalUi !== undefined) lines.push(`  Temporal Web UI  ${temporalUi}/namespaces/${namespace}/workflows`);
  if (!first) {
    lines.push('', `No sync is waiting for a decision. Start one:`, `  ./syncline sync <connector> --watch${url}`);
    return lines.join('\n');
  }
  const { connector, sync } = first;
  lines.push(
    '',
    sync.status === 'held'
      ? `The sync of ${connector} is held: it has read and counted everything, and written nothing. It waits for your decision.`
      : `The sync of ${connector} is ${sync.status}.`,
    ...(temporalUi === undefined
      ? []
      : [`  see the run   ${temporalUi}/namespaces/${namespace}/workflows/${encodeURIComponent(sync.workflowId)}`]),
    `  or here       ./syncline review ${sync.id}${url}`,
    `  every change  ./syncline changes ${sync.id}${url}`,
    `  apply them    ./syncline resume ${sync.id}${url}`,
    `  refuse them   ./syncline reject ${sync.id} --reason "…"${url}`,
    `  then browse   ./syncline resources${url}`,
  );
  return lines.join('\n');
}
