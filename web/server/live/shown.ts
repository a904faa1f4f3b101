import { useEffect } from 'react';

/** Syncs whose log this tab shows, with the number of parts that show it. */
const shown = new Map<string, number>();
let told: () => void = () => undefined;
let following: ReadonlySet<string> = new Set();

/** Calls back whenever the tab shows other logs. */
export function onShown(call: () => void): void {
  told = call;
}

/** The syncs whose log somebody has in front of them in this tab. */
export const shownSyncs = (): string[] => (document.visibilityState === 'visible' ? [...shown.keys()] : []);

/** Which syncs the stream of this browser has the lines of. */
export const setFollowing = (syncs: readonly string[]): void => {
  following = new Set(syncs);
};

/** Whether the lines of a sync come by themselves. */
export const isFollowed = (sync: string): boolean => following.has(sync);

/** While this is shown, and `wanted`, the lines of the sync come by the stream. */
export function useLines(sync: string, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return undefined;
    shown.set(sync, (shown.get(sync) ?? 0) + 1);
    told();
    return () => {
      const left = (shown.get(sync) ?? 1) - 1;
      if (left > 0) shown.set(sync, left);
      else shown.delete(sync);
      told();
    };
  }, [sync, wanted]);
}
