import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What Postgres keeps about tables, columns and the like. */
export const catalogs = [
  ...['pg_class', 'pg_attribute', 'pg_type', 'pg_index', 'pg_constraint', 'pg_attrdef', 'pg_sequence'],
  ...['pg_depend', 'pg_statistic', 'pg_shdepend'],
] as const;

/** One look at the catalogs of a database. */
export interface CatalogSnapshot {
  /** Tables, indexes, sequences, views, types and functions of our schemas, by name, but for the partitions below. */
  objects: string[];
  /** Partitions of change rows, of which a thousand syncs share one; dropped when none of them are kept. */
  changeParts: string[];
  /** Rows that are there. */
  live: Record<string, number>;
  temporary: number;
  /** Bytes with indexes and TOAST. */
  sizes: Record<string, number>;
  /** Rows that no vacuum has come for yet. */
  dead: Record<string, number>;
  /** Rows that were ever inserted, updated and deleted. */
  written: Record<string, number>;
}

/** Looks at a database from outside, as its superuser. */
export class CatalogProbe {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** @param adminUrl of the superuser, on any database @param databaseUrl of the one to look at */
  static async connect(adminUrl: string, databaseUrl: string): Promise<CatalogProbe> {
    const url = new URL(adminUrl);
    url.pathname = new URL(databaseUrl).pathname;
    const client = new pg.Client({ connectionString: url.href, application_name: 'catalog-probe' });
    client.on('error', () => undefined);
    await client.connect();
    return new CatalogProbe(client);
  }

  end(): Promise<void> {
    return this.#client.end();
  }

  /** What autovacuum does when it comes by, again until no transaction of the moment has kept dead rows from it. */
  async vacuum(): Promise<void> {
    const until = Date.now() + 10_000;
    for (;;) {
      await this.#client.query(`vacuum ${catalogs.map((name) => `pg_catalog.${name}`).join(', ')}`);
      const { rows } = await this.#client.query<{ dead: number }>(
        `select coalesce(max(n_dead_tup), 0)::int as dead from pg_stat_sys_tables
         where schemaname = 'pg_catalog' and relname = any($1)`,
        [catalogs],
      );
      if ((rows[0]?.dead ?? 0) < 100 || Date.now() > until) return;
      await sleep(200);
    }
  }

  async count(table: string): Promise<number> {
    const { rows } = await this.#client.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return rows[0]?.n ?? 0;
  }

  async snapshot(): Promise<CatalogSnapshot> {
    const objects = await this.#client.query<{ name: string }>(`
      select n.nspname || ' ' || c.relkind::text || ' ' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('syncline', 'syncline_staging')
      union all select n.nspname || ' type ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where n.nspname in ('syncline', 'syncline_staging')
      union all select n.nspname || ' function ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('syncline', 'syncline_staging')
      order by 1`);
    const temporary = await this.#client.query<{ n: number }>(
      `select count(*)::int as n from pg_class where relpersistence = 't'`,
    );
    const live: Record<string, number> = {};
    for (const name of catalogs) live[name] = await this.count(`pg_catalog.${name}`);
    // what backends have counted reaches the view a little later
    const figures = await this.#client.query<{ name: string; size: number; dead: number; written: number }>(
      `select relname as name, pg_total_relation_size(relid)::float8 as size, n_dead_tup::float8 as dead,
         (n_tup_ins + n_tup_upd + n_tup_del)::float8 as written
       from pg_stat_sys_tables where schemaname = 'pg_catalog' and relname = any($1)`,
      [catalogs],
    );
    const by = (figure: 'size' | 'dead' | 'written') =>
      Object.fromEntries(figures.rows.map((each) => [each.name, each[figure]]));
    const names = objects.rows.map(({ name }) => name);
    const isPart = (name: string) => /^syncline (\w+ )?_?(link_)?change_(shared|own)_\d+/.test(name);
    return {
      objects: names.filter((name) => !isPart(name)),
      changeParts: names.filter((name) => /^syncline r /.test(name) && isPart(name)),
      temporary: temporary.rows[0]?.n ?? 0,
      live,
      sizes: by('size'),
      dead: by('dead'),
      written: by('written'),
    };
  }
}
