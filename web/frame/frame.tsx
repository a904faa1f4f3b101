import { Outlet, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { meQuery } from '../server/queries/me.ts';
import { statusQuery } from '../server/queries/status.ts';
import { isAway } from '../server/problem.ts';
import { useConnection } from '../server/connection.ts';
import { Icon } from '../theme/icons.tsx';
import { Announcer } from './announcer.tsx';
import styles from './frame.module.css';
import { Header } from './header.tsx';
import { Nav } from './nav.tsx';
import { useShortcuts } from './shortcuts.ts';

const KeysDialog = lazy(async () => ({ default: (await import('./keys-dialog.tsx')).KeysDialog }));
const Dialogs = lazy(async () => ({ default: (await import('../dialogs/dialogs.tsx')).Dialogs }));

/** What stands around every page. */
export function Frame() {
  const [menu, setMenu] = useState(false);
  const [keys, setKeys] = useState(false);
  useShortcuts(() => {
    setKeys(true);
  });
  const status = useQuery(statusQuery);
  const me = useQuery(meQuery);
  const connection = useConnection();
  const { syncStatus, start }: { syncStatus?: string; start?: string } = useSearch({ strict: false });
  const away = connection === 'unreachable' || isAway(status.error);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header away={away} user={me.data?.name} menu={menu} onMenu={setMenu} />
      <div className={styles.body}>
        <Nav
          open={menu}
          status={status.data}
          onGo={() => {
            setMenu(false);
          }}
        />
        <main id="main" className={styles.main} tabIndex={-1}>
          {away && (
            <div className={styles.away} role="status">
              <Icon name="failed" />
              <span>
                Syncline does not answer{status.data ? '. What is shown is what it said last' : ''}. The page tries
                again by itself.
              </span>
            </div>
          )}
          <Outlet />
        </main>
      </div>
      <Announcer />
      <Suspense fallback={null}>
        {(syncStatus !== undefined || start !== undefined) && <Dialogs syncStatus={syncStatus} start={start} />}
        {keys && (
          <KeysDialog
            onClose={() => {
              setKeys(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
