import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './button-link.module.css';

interface ButtonLinkProps {
  to: string;
  search?: Record<string, string>;
  filled?: boolean;
  children: ReactNode;
}

/** A link that looks like a button, since it is the next thing to do. */
export function ButtonLink({ to, search, filled, children }: ButtonLinkProps) {
  return (
    <Link to={to} {...(search ? { search: search } : {})} className={styles.link} data-filled={filled}>
      {children}
    </Link>
  );
}
