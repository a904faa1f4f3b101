import { useEffect, useRef, useState } from 'react';
import { append, emptyWindow, endsOf, pageSize, prepend, type RowWindow } from '../../model/row-window.ts';
import { ProblemError } from '../../server/problem.ts';
import { readChanges } from '../../server/queries/syncs.ts';
import type { Change, ChangesQuery } from '../../server/types.ts';

interface Loaded {
  of: string;
  /** Counts the places that the list began at, so that the view of each begins at its top. */
  beginning: number;
  window: RowWindow<Change> | undefined;
  total: number | null;
  error: Error | undefined;
}

const read = (id: string, filter: string, query: ChangesQuery, signal: AbortSignal) =>
  readChanges(id, { ...(JSON.parse(filter) as ChangesQuery), ...query, limit: pageSize }, signal);

/** The rows of the list that are loaded, and how to get others. One request at a time. */
export function useChanges(id: string, filter: Record<string, string | undefined>) {
  const wanted = JSON.stringify(filter);
  const of = `${id} ${wanted}`;
  const [state, setState] = useState<Loaded>({ of, beginning: 0, window: undefined, total: null, error: undefined });
  const [start, setStart] = useState<{ at?: number; atKey?: string; again: number }>({ again: 0 });
  const [missing, setMissing] = useState<string>();
  const busy = useRef<AbortController>(undefined);

  useEffect(() => {
    const abort = new AbortController();
    busy.current?.abort();
    busy.current = abort;
    const { again: _again, ...place } = start;
    read(id, wanted, place, abort.signal).then(
      (page) => {
        busy.current = undefined;
        setMissing(undefined);
        const window = append<Change>(emptyWindow, page);
        setState({ of, beginning: start.again, window, total: page.total, error: undefined });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        busy.current = undefined;
        // the list stays where it is if it does not have the key
        if (start.atKey !== undefined && error instanceof ProblemError && error.status === 422)
          setMissing(error.message);
        else setState({ of, beginning: start.again, window: undefined, total: null, error: error as Error });
      },
    );
    return () => {
      abort.abort();
    };
    // a new list begins with another filter, another place, or a retry
  }, [id, wanted, of, start]);

  const need = (which: 'next' | 'before') => {
    const { window } = state;
    if (busy.current || window === undefined || state.of !== of) return;
    const ends = endsOf(window);
    const cursor = which === 'next' ? ends.next : ends.before;
    if (cursor === null) return;
    const abort = new AbortController();
    busy.current = abort;
    read(id, wanted, which === 'next' ? { cursor } : { before: cursor }, abort.signal).then(
      (page) => {
        busy.current = undefined;
        setState((before) =>
          before.of === of && before.window === window
            ? {
                ...before,
                window: (which === 'next' ? append : prepend)(window, page),
                total: page.total ?? before.total,
              }
            : before,
        );
      },
      (error: unknown) => {
        if (busy.current === abort) busy.current = undefined;
        if (!abort.signal.aborted) setState((before) => ({ ...before, error: error as Error }));
      },
    );
  };

  const last = useRef('');
  return {
    loaded: state.of === of ? state.window : undefined,
    beginning: state.beginning,
    total: state.total,
    error: state.error,
    need,
    /** Why the list did not go to a key. */
    missing,
    /** To a part of the list, or to a key. */
    jump: (place: { at: number } | { atKey: string }) => {
      setStart(({ again }) => ({ ...place, again: again + 1 }));
    },
    retry: () => {
      setStart(({ again }) => ({ again: again + 1 }));
    },
    /** Tells of the view when it has changed. */
    onView: (tell: (view: [number, number]) => void) => (first: number, until: number) => {
      const now = `${first} ${until}`;
      if (last.current === now) return;
      last.current = now;
      tell([first, until]);
    },
  };
}
