import { useSyncExternalStore } from 'react';

/** What a person has chosen for this browser. */
interface Settings {
  theme: 'system' | 'light' | 'dark';
  /** Whether single keys do something (WCAG 2.1.4). */
  shortcuts: boolean;
}

const listeners = new Set<() => void>();
let current: Settings = {
  theme: (['light', 'dark'] as const).find((theme) => theme === localStorage.getItem('syncline-theme')) ?? 'system',
  shortcuts: localStorage.getItem('syncline-shortcuts') !== 'off',
};

export function changeSettings(part: Partial<Settings>): void {
  current = { ...current, ...part };
  localStorage.setItem('syncline-theme', current.theme);
  localStorage.setItem('syncline-shortcuts', current.shortcuts ? 'on' : 'off');
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSettings = (): Settings => useSyncExternalStore(subscribe, () => current);

const system = matchMedia('(prefers-color-scheme: dark)');

/** The scheme that is painted: what was chosen, else that of the system. */
export function useScheme(): 'light' | 'dark' {
  const dark = useSyncExternalStore(
    (listener) => {
      system.addEventListener('change', listener);
      return () => {
        system.removeEventListener('change', listener);
      };
    },
    () => system.matches,
  );
  const { theme } = useSettings();
  return theme === 'system' ? (dark ? 'dark' : 'light') : theme;
}
