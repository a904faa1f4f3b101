import styles from '../button-link/button-link.module.css';

/** Downloads what the page shows, whole, as the API writes it. */
export function CsvLink({ to }: { to: string }) {
  return (
    <a className={styles.link} href={to} download>
      CSV
    </a>
  );
}
