import type { InfiniteData } from '@tanstack/react-query';
import type { StreamEvent } from '../../model/event-text.ts';
import { withLine } from '../../model/log-lines.ts';
import { queryClient } from '../query-client.ts';
import type { LogPage } from '../types.ts';

/** Puts a line of a sync into the logs that show it: the whole log, and that of its task. */
export function addLine({ type, data }: StreamEvent): void {
  if (type !== 'log') return;
  const { sync, ...line } = data as LogPage['items'][number] & { sync: string };
  for (const task of new Set(['', line.task ?? '']))
    queryClient.setQueryData<InfiniteData<LogPage, string>>(['log', sync, task], (before) => {
      if (!before) return before;
      const pages = withLine(before.pages, line);
      return pages === before.pages ? before : { ...before, pages: [...pages] };
    });
}
