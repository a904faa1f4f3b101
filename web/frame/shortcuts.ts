import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSettings } from '../settings/store.ts';
import { inRows, moveInRows, stepBeside, tickRow, turnPage } from './rows.ts';

export const places: Record<string, { to: string; name: string }> = {
  o: { to: '/', name: 'Overview' },
  c: { to: '/connectors', name: 'Connectors' },
  s: { to: '/syncs', name: 'Syncs' },
  j: { to: '/jobs', name: 'Jobs' },
  r: { to: '/types', name: 'Resources' },
  e: { to: '/errors', name: 'Errors' },
};

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  // a tick takes no letters
  (target.matches('input:not([type=checkbox]), textarea, select') ||
    target.isContentEditable ||
    target.shadowRoot !== null);

/** Keys of the browser or the system. On many keyboards brackets are written with AltGr, which is no chord. */
const isChord = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');

/** Keys that lead somewhere. None of them decides or starts anything, and a setting turns them off. */
export function useShortcuts(showKeys: () => void): void {
  const { shortcuts } = useSettings();
  const navigate = useNavigate();
  useEffect(() => {
    let wentAt = 0;
    const focusSearch = (event: KeyboardEvent) => {
      event.preventDefault();
      document.getElementById('search')?.focus();
    };
    const press = (event: KeyboardEvent) => {
      if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
        focusSearch(event);
        return;
      }
      const dialog = document.querySelector('[role=dialog]') !== null;
      if (!shortcuts || dialog || typing(event.target) || isChord(event)) return;
      const place = places[event.key];
      if (place && Date.now() - wentAt < 1_500) {
        wentAt = 0;
        void navigate({ to: place.to });
      } else if (event.key === 'g') wentAt = Date.now();
      else if (event.key === '/') focusSearch(event);
      else if (event.key === '?') showKeys();
      else if (event.key === 'x') tickRow();
      else if (event.key === ']' || event.key === '[') turnPage(event.key === ']' ? 1 : -1);
      else if (event.key === 'j' || event.key === 'k') moveInRows(event.key === 'j' ? 1 : -1);
      else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && inRows()) {
        event.preventDefault();
        moveInRows(event.key === 'ArrowDown' ? 1 : -1);
      } else if (event.key === 'n' || event.key === 'p') stepBeside(event.key === 'n' ? 'next' : 'before');
      else if (event.key === 'f')
        document
          .querySelector<HTMLElement>('[role=group][aria-label=Filters] select, [role=group][aria-label=Filters] input')
          ?.focus();
    };
    document.addEventListener('keydown', press);
    return () => {
      document.removeEventListener('keydown', press);
    };
  });
}
