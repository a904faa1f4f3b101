import { connectorFileSchema, type ConnectorFile } from '../../domain/connector-file.ts';
import type { ManagedRule } from '../../domain/managed.ts';
import { operations, type Operation } from '../../domain/sync.ts';
import { applyChanges, type ApplyResult } from '../../repository/apply.ts';
import { activateRevision, entityTypesOf, linkPropertiesOf } from '../../repository/catalog.ts';
import { ensureSharedParts } from '../../repository/change-parts.ts';
import { lockConnector, saveRevision } from '../../repository/connectors.ts';
import { openDatabase, row, rows, type Database } from '../../repository/database.ts';
import type { DiffInput, DiffLink, DiffType } from '../../repository/diff-input.ts';
import { computeDiff, type DiffResult } from '../../repository/diff.ts';
import { computeDigest, type DigestSums } from '../../repository/digest.ts';
import { hasRefusals } from '../../repository/refusals/active.ts';
import { settleGone, settleMatches } from '../../repository/refusals/end.ts';
import { resolveDeltas } from '../../repository/resolve-deltas.ts';
import { resolveRows } from '../../repository/resolve-rows.ts';
import {
  beginStaging,
  dropStaging,
  frozenKeys,
  stagedLinks,
  stagedRows,
  type Staging,
} from '../../repository/staging.ts';

/** A person as the source has it: the key, attributes, and the badge of the manager. */
export interface Person {
  id: string;
  name?: string;
  badge?: string;
  manager?: string;
  /** Incremental only. */
  command?: string;
  /** Incremental only: what the row says, instead of all. */
  given?: ('name' | 'badge' | 'manager')[];
}

export interface Source {
  people: Person[];
  groups: string[];
  members: { group: string; person: string; command?: string }[];
  /** Keys of people whose row was rejected. */
  frozen?: string[];
}

export interface Outcome {
  sync: number;
  result: DiffResult;
  digest: string;
  sums: DigestSums;
  changes: number;
}

/** People with managers (matched by badge) and groups with members, straight on the repository's functions. */
export class RepositoryFixture {
  readonly db: Database;
  readonly connector: number;
  readonly person: number;
  readonly group: number;
  readonly manager: number;
  readonly members: number;
  /** Which people and groups are managed; undefined: all. */
  rule: ManagedRule | undefined;

  private constructor(
    db: Database,
    connector: number,
    ids: Record<'person' | 'group' | 'manager' | 'members', number>,
  ) {
    this.db = db;
    this.connector = connector;
    this.person = ids.person;
    this.group = ids.group;
    this.manager = ids.manager;
    this.members = ids.members;
  }

  static async create(url: string, name = 'hr'): Promise<RepositoryFixture> {
    const db = openDatabase(url, { applicationName: 'test', poolSize: 4, statementTimeoutMs: 60_000 });
    const file = connectorFile(name);
    const connector = await db.transaction(async (tx) => {
      const locked = await lockConnector(tx, name, name);
      await activateRevision(tx, locked.id, await saveRevision(tx, locked, file, 'test'), file);
      return locked.id;
    });
    const types = await entityTypesOf(db, connector);
    const links = await linkPropertiesOf(db, connector);
    const id = (found: { id: number } | undefined) => {
      if (!found) throw new Error('the catalog lacks what was activated');
      return found.id;
    };
    // as a revision with rules would have it; without any, every flag is true
    await db.raw(`update syncline.entity_type set managed_by = 'rule' where connector = ?`, [connector]);
    return new RepositoryFixture(db, connector, {
      person: id(types.find((type) => type.name === `${name}_Person`)),
      group: id(types.find((type) => type.name === `${name}_Group`)),
      manager: id(links.find((link) => link.name === 'manager')),
      members: id(links.find((link) => link.name === 'members')),
    });
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }

  /** Stages a source and computes the change set; nothing is applied. */
  async diff(
    source: Source,
    options: {
      mode?: 'complete' | 'incremental';
      certified?: boolean;
      keys?: string[];
      operations?: readonly Operation[];
      laterSyncs?: number[];
      managedOnly?: boolean;
      builds?: boolean;
    } = {},
  ): Promise<Outcome> {
    const mode = options.mode ?? 'complete';
    const sync = await this.#newSync(mode);
    const staging = await this.#stage(sync, source, mode);
    const certified = options.certified ?? true;
    const type = (id: number, name: string, keys: string[] | null): DiffType => ({
      id,
      name,
      connection: 'files',
      table: `${name}.csv`,
      keyCount: 1,
      warnCaseVariants: true,
      retiredProperties: [],
      certified,
      scopeKeys: keys,
      references: id === this.person ? [{ property: this.manager, multiValued: false }] : [],
      ...(this.rule ? { managed: { by: 'rule', rule: this.rule } } : {}),
      managedOnly: options.managedOnly ?? false,
    });
    const link = (id: number, name: string, more: Partial<DiffLink>): DiffLink => ({
      id,
      name,
      entityType: this.person,
      target: this.person,
      multiValued: false,
      from: 'column',
      connection: 'files',
      table: 'people.csv',
      certified,
      by: null,
      ...more,
    });
    const limited = options.keys !== undefined;
    const members = { entityType: this.group, multiValued: true, from: 'table', table: 'members.csv' } as const;
    const input: DiffInput = {
      sync,
      staging,
      mode,
      narrowed: false,
      operations: options.operations ?? operations,
      types: [type(this.person, 'Person', options.keys ?? null), ...(limited ? [] : [type(this.group, 'Group', null)])],
      links: [
        link(this.manager, 'manager', { by: 'badge' }),
        ...(limited ? [] : [link(this.members, 'members', members)]),
      ],
      cascades: limited ? [{ id: this.members, entityType: this.group, target: this.person }] : [],
      byLinks: [{ ...link(this.manager, 'manager', {}), entityTypeName: 'Person', keyCount: 1, by: 'badge' }],
      laterSyncs: options.laterSyncs ?? [],
      refusals: await hasRefusals(this.db, this.connector),
      builds: options.builds ?? true,
    };
    await ensureSharedParts(this.db, sync);
    const outcome = await this.db.transaction(
      async (tx) => {
        const result = await computeDiff(tx, input);
        return { sync, result, ...(await computeDigest(tx, sync)) };
      },
      { isolationLevel: 'repeatable read' },
    );
    await dropStaging(this.db, sync);
    await this.db.transaction((tx) => settleMatches(tx, { no: sync, id: '', connector: this.connector, mode }));
    return outcome;
  }

  async apply(sync: number, undisturbed = true): Promise<ApplyResult> {
    const done = await this.db.transaction((tx) => applyChanges(tx, sync, undisturbed));
    await this.db.transaction(async (tx) => {
      await tx.raw('update syncline.sync set applied = true where no = ?', [sync]);
      await settleGone(tx, { no: sync, id: '', connector: this.connector });
    });
    return done;
  }

  async run(source: Source, options: Parameters<RepositoryFixture['diff']>[1] = {}): Promise<Outcome> {
    const outcome = await this.diff(source, options);
    await this.apply(outcome.sync);
    return outcome;
  }

  /** People by key with their attributes; links as `manager:a>b` and `members:g>a`, sorted. */
  async state(): Promise<{ people: Record<string, unknown>; groups: string[]; links: string[] }> {
    const resources = await rows<{ type: number; key: string; attributes: unknown }>(
      this.db,
      'select entity_type as type, key, attributes from syncline.resource where entity_type = any(?)',
      [[this.person, this.group]],
    );
    const links = await rows<{ property: number; source: string; target: string }>(
      this.db,
      `select l.property, s.key as source, t.key as target from syncline.link l
         join syncline.resource s on s.id = l.source join syncline.resource t on t.id = l.target
       where l.property = any(?)`,
      [[this.manager, this.members]],
    );
    return {
      people: Object.fromEntries(
        resources.filter((each) => each.type === this.person).map(({ key, attributes }) => [key, attributes]),
      ),
      groups: resources
        .filter((each) => each.type === this.group)
        .map(({ key }) => key)
        .sort(),
      links: links
        .map((each) => `${each.property === this.manager ? 'manager' : 'members'}:${each.source}>${each.target}`)
        .sort(),
    };
  }

  /** Keys of the managed people and groups, sorted. */
  async managed(): Promise<string[]> {
    const found = await rows<{ key: string }>(
      this.db,
      'select key from syncline.resource where entity_type = any(?) and managed order by key collate "C"',
      [[this.person, this.group]],
    );
    return found.map(({ key }) => key);
  }

  /** Links with an end that is not there. */
  async danglers(): Promise<number> {
    const found = await row<{ n: number }>(
      this.db,
      `select count(*)::int as n from syncline.link l
       where not exists (select from syncline.resource r where r.id = l.source)
          or not exists (select from syncline.resource r where r.id = l.target)`,
    );
    return found?.n ?? 0;
  }

  async errors(sync: number): Promise<{ code: string; key: string[] | null; line: number | null }[]> {
    return rows(this.db, 'select code, key, line from syncline.sync_error where sync = ? order by code, key, line', [
      sync,
    ]);
  }

  async #newSync(mode: string): Promise<number> {
    const created = await row<{ no: number }>(
      this.db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id)
       values (gen_random_uuid(), ?, ?, ?, '{export,prepare,synchronize}', 'running', 'manual', 'normal', 'test', 1, 'test')
       returning no`,
      [this.connector, mode, mode],
    );
    return created?.no ?? 0;
  }

  async #stage(sync: number, source: Source, mode: 'complete' | 'incremental'): Promise<Staging> {
    const staging = await beginStaging(this.db, sync, {
      narrowed: false,
      deltas: mode === 'incremental',
      entityTypes: [
        { id: this.person, references: [{ property: this.manager, multiValued: false }] },
        { id: this.group, references: [] },
      ],
      linkTables: [this.members],
    });
    let seq = 0;
    for (const { id, command, given, manager, ...attributes } of source.people) {
      const patch =
        given === undefined
          ? { id, ...attributes }
          : {
              id,
              ...Object.fromEntries(
                given
                  .filter((name) => name !== 'manager')
                  .map((name) => [name, (attributes as Record<string, string | undefined>)[name] ?? null]),
              ),
            };
      await this.db.raw(
        `insert into ${stagedRows(staging, this.person)} (seq, source, line, command, key, attributes, managed,
           r${String(this.manager)}, r${String(this.manager)}_given) values (?, 'people.csv', ?, ?, ?, ?::jsonb, ?, ?, ?)`,
        [
          ++seq,
          seq + 1,
          command ?? null,
          id,
          JSON.stringify(patch),
          this.rule?.(patch).managed ?? null,
          manager ?? null,
          given === undefined || given.includes('manager'),
        ],
      );
    }
    for (const key of source.frozen ?? [])
      await this.db.raw(`insert into ${frozenKeys(staging, this.person)} (key) values (?)`, [key]);
    for (const id of source.groups)
      await this.db.raw(
        `insert into ${stagedRows(staging, this.group)} (seq, source, line, command, key, attributes, managed)
         values (?, 'groups.csv', ?, ?, ?, ?::jsonb, ?)`,
        [
          ++seq,
          seq + 1,
          mode === 'incremental' ? 'merge' : null,
          id,
          JSON.stringify({ id }),
          this.rule?.({ id }).managed ?? null,
        ],
      );
    // in one statement, since some tests have very many
    await this.db.raw(
      `insert into ${stagedLinks(staging, this.members)} (seq, from_source, line, command, source, target)
       select ? + n, 'members.csv', ? + n, nullif(command, ''), source, target
       from unnest(?::text[], ?::text[], ?::text[]) with ordinality as each(command, source, target, n)`,
      [
        seq,
        seq + 1,
        source.members.map(({ command }) => command ?? ''),
        source.members.map(({ group }) => group),
        source.members.map(({ person }) => person),
      ],
    );
    await this.db.transaction(async (tx) => {
      for (const [id, name] of [
        [this.person, 'Person'],
        [this.group, 'Group'],
      ] as const)
        if (mode === 'incremental') await resolveDeltas(tx, staging, { id, name, keyCount: 1 });
        else
          await resolveRows(tx, staging, {
            id,
            name,
            keyCount: 1,
            warnCaseVariants: true,
            references: id === this.person ? [this.manager] : [],
          });
    });
    return staging;
  }
}

export function connectorFile(name: string): ConnectorFile {
  return connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
    entityTypes: [
      {
        name: `${name}_Person`,
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        properties: { id: { column: 'id' }, name: { column: 'name' }, badge: { column: 'badge' } },
        navigationProperties: { manager: { to: `${name}_Person`, column: 'manager', by: 'badge' } },
      },
      {
        name: `${name}_Group`,
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id' } },
        navigationProperties: {
          members: {
            to: `${name}_Person`,
            table: 'members.csv',
            sourceColumn: 'group',
            targetColumn: 'person',
            multiValued: true,
          },
        },
      },
    ],
  });
}
