import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from '../../theme/icons.tsx';
import styles from './page-head.module.css';

interface PageHeadProps {
  /** The heading of the page; may hold a label of a person. */
  title: ReactNode;
  /** The title of the tab: names of configuration only. */
  tab: string;
  /** Where the page is: addresses and their names, the outermost first. */
  path?: readonly { to: string; name: string }[];
  /** Beside the heading. */
  mark?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** The top of every page: where it is, its one h1, which takes the focus when the page changes, and what can be done. */
export function PageHead({ title, tab, path = [], mark, actions, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    document.title = `${tab} · Syncline`;
  }, [tab]);
  useEffect(() => {
    // not at the first page: there, the first Tab leads to "Skip to content". A page whose heading is another one once it
    // knows more takes the focus only if nobody has it
    const isOther = shown !== undefined && shown !== pathname;
    moved ||= isOther;
    if (isOther || (moved && document.activeElement === document.body)) heading.current?.focus({ preventScroll: true });
    shown = pathname;
  }, [pathname]);
  return (
    <div className={styles.head}>
      {path.length > 0 && (
        <nav aria-label="Breadcrumb" className={styles.path}>
          <ol>
            {path.map(({ to, name }) => (
              <li key={to}>
                {/* an address begins with those of the pages above it, which are not the page itself */}
                <Link to={to} activeOptions={{ exact: true }}>
                  {name}
                </Link>
                <Icon name="next" size={12} />
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className={styles.line}>
        <div className={styles.title}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {mark}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** The address whose heading was shown last, and whether there was another one before. */
let shown: string | undefined;
let moved = false;
