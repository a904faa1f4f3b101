import { Link, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { navPlace } from '../model/nav-place.ts';
import type { ConnectorStatus } from '../server/types.ts';
import { Icon, type IconName } from '../theme/icons.tsx';
import { count } from '../words/count.ts';
import { NavTypes } from './nav-types.tsx';
import styles from './nav.module.css';

interface NavProps {
  open: boolean;
  status: readonly ConnectorStatus[] | undefined;
  onGo: () => void;
}

export function Nav({ open, status, onGo }: NavProps) {
  const held = status?.filter(({ heldSync }) => heldSync !== null).length ?? 0;
  const errors = status?.reduce((sum, { openErrors }) => sum + openErrors, 0) ?? 0;
  const place = useRouterState({ select: ({ location }) => navPlace(location.pathname, location.search as object) });
  const [unfolded, setUnfolded] = useState(false);
  return (
    <nav
      id="menu"
      aria-label="Main"
      className={styles.nav}
      data-open={open}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onGo();
      }}
    >
      <ul className={styles.list}>
        <Item to="/" icon="overview" onGo={onGo}>
          Overview
        </Item>
        <Item to="/connectors" icon="connectors" onGo={onGo}>
          Connectors
        </Item>
        <Item to="/syncs" icon="syncs" current={place === 'syncs'} onGo={onGo}>
          Syncs
        </Item>
        <Item
          to="/syncs"
          search={{ status: 'held' }}
          icon="held"
          current={place === 'held'}
          tone={held > 0 ? 'warn' : undefined}
          onGo={onGo}
        >
          Held ({count(held)})
        </Item>
        <Item to="/jobs" icon="jobs" current={place === 'jobs'} onGo={onGo}>
          Jobs
        </Item>
        <li>
          <button
            type="button"
            className={styles.item}
            aria-expanded={unfolded}
            onClick={() => {
              setUnfolded(!unfolded);
            }}
          >
            <Icon name="resources" />
            <span>Resources</span>
            <span className={styles.fold} data-open={unfolded}>
              <Icon name="next" size={12} />
            </span>
          </button>
          {unfolded && <NavTypes status={status} onGo={onGo} />}
        </li>
        <Item to="/errors" icon="errors" tone={errors > 0 ? 'danger' : undefined} onGo={onGo}>
          Errors ({count(errors)})
        </Item>
      </ul>
    </nav>
  );
}

interface ItemProps {
  to: string;
  search?: Record<string, string>;
  icon: IconName;
  /** Pages that do not begin with its address belong to it, or not all that do. */
  current?: boolean;
  tone?: string;
  onGo: () => void;
  children: React.ReactNode;
}

function Item({ to, search = {}, icon, current, tone, onGo, children }: ItemProps) {
  return (
    <li>
      <Link
        to={to}
        search={search}
        className={styles.item}
        data-tone={tone}
        activeOptions={{ exact: to === '/' || current !== undefined, includeSearch: current !== undefined }}
        aria-current={current ? 'page' : undefined}
        onClick={onGo}
      >
        <Icon name={icon} />
        <span>{children}</span>
      </Link>
    </li>
  );
}
