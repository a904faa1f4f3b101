import { Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { changeSettings, useScheme } from '../settings/store.ts';
import { Icon } from '../theme/icons.tsx';
import styles from './header.module.css';

interface HeaderProps {
  away: boolean;
  /** The name of the person who looks at the page. */
  user: string | undefined;
  menu: boolean;
  onMenu: (open: boolean) => void;
}

export function Header({ away, user, menu, onMenu }: HeaderProps) {
  const navigate = useNavigate();
  const scheme = useScheme();
  const field = useRef<HTMLInputElement>(null);
  return (
    <header className={styles.header}>
      <button
        type="button"
        className={styles.menu}
        aria-expanded={menu}
        aria-controls="menu"
        onClick={() => {
          onMenu(!menu);
        }}
      >
        <Icon name={menu ? 'close' : 'menu'} size={18} />
        <span className="only-heard">Menu</span>
      </button>
      <Link to="/" className={styles.logo} aria-label="Syncline">
        <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <rect width="32" height="32" rx="8" className={styles.logoGround} />
          <path d="M8 12c3-4 7-4 9 0s5 4 7 0M8 20c3-4 7-4 9 0s5 4 7 0" className={styles.logoLine} />
        </svg>
        <span>Syncline</span>
      </Link>
      <form
        role="search"
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          const q = field.current?.value.trim() ?? '';
          if (q !== '') void navigate({ to: '/search', search: { q } });
        }}
      >
        <Icon name="search" />
        <input
          id="search"
          ref={field}
          type="search"
          aria-label="Search people, groups and other resources"
          placeholder="Search resources"
          autoComplete="off"
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <div className={styles.right}>
        <span className={styles.state} data-away={away} role="status">
          <span className={styles.dot} aria-hidden="true" />
          <span>{away ? 'Not connected: Syncline does not answer' : 'Connected'}</span>
        </span>
        {user !== undefined && (
          <span className={styles.user}>
            <Icon name="resources" />
            <span className="only-heard">You are </span>
            <span className={styles.userName}>{user}</span>
          </span>
        )}
        <button
          type="button"
          className={styles.icon}
          aria-label={scheme === 'dark' ? 'Use light colours' : 'Use dark colours'}
          onClick={() => {
            changeSettings({ theme: scheme === 'dark' ? 'light' : 'dark' });
          }}
        >
          <Icon name={scheme === 'dark' ? 'sun' : 'moon'} size={18} />
        </button>
        <Link to="/settings" className={styles.icon} aria-label="Settings">
          <Icon name="settings" size={18} />
        </Link>
      </div>
    </header>
  );
}
