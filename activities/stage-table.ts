import { bindColumns } from '../domain/bind-columns.ts';
import type { ErrorEffect } from '../domain/codes.ts';
import { deltaCommands, type DeltaCommand, type Row, type RowBinder, type TableMapping } from '../domain/mapping.ts';
import type { CopyValue, CopyWriter } from '../repository/copy.ts';
import type { ReadCounts } from '../repository/syncs.ts';

/** The sinks for the rows of one table: staging tables of entity types and link tables, frozen keys, and the errors. */
export interface Sinks {
  /** By name of entity type. */
  rows: Map<string, CopyWriter>;
  frozenKeys: Map<string, CopyWriter>;
  /** Identities of what is gone or still there, and of rejected rows. */
  identities: Map<string, CopyWriter>;
  /** Narrowed: keys of rows that are gone. */
  removedKeys: Map<string, CopyWriter>;
  /** `update-expressions`: keys that incremental syncs have named since the export. */
  namedKeys: Map<string, CopyWriter>;
  /** By `<Type>.<navigation property>`. */
  links: Map<string, CopyWriter>;
  frozenLinks: Map<string, CopyWriter>;
  removedLinks: Map<string, CopyWriter>;
  errors: CopyWriter;
  counts: Map<string, ReadCounts>;
}

/** Order of the columns that the sinks are opened with; the references of a type follow behind `entityColumns`. */
export const entityColumns = [
  'seq',
  'source',
  'line',
  'position',
  'command',
  'key',
  'attributes',
  'fault',
  'managed',
  'link_faults',
] as const;
/** Behind them, of delta files alone. */
export const deltaColumns = ['scope', 'asked'] as const;
export const identityColumns = ['identity', 'what', 'source', 'line', 'position'] as const;
export const linkColumns = ['seq', 'from_source', 'line', 'position', 'command', 'source', 'target'] as const;
export const errorColumns = [
  'entity_type',
  'source_table',
  'line',
  'position',
  'column_name',
  'property',
  'key',
  'code',
  'message',
  'effect',
] as const;

const commands = new Set<string>(deltaCommands);
const isCommand = (word: string): word is DeltaCommand => commands.has(word);

export interface Segment {
  source: string;
  columns: string[];
  /** Incremental: the column that holds the command. */
  commandColumn: string | undefined;
  /** Incremental, whole records and tombstones: what every row does. */
  does?: 'merge' | 'delete' | undefined;
  /** The file may have been cut short: only its deletes are staged, and they are withheld. */
  cut?: boolean;
}

/** null if the table has no commands, undefined if the command of the row is unknown. */
type Command = DeltaCommand | null | undefined;

/** How a row is mapped. A row with an unknown command is mapped like a delete: only its key is read. */
const mappedAs = (command: Command): DeltaCommand | undefined => (command === null ? undefined : (command ?? 'delete'));

interface BoundTo {
  counts: ReadCounts;
  rows: CopyWriter | undefined;
  frozen: CopyWriter | undefined;
  identities?: CopyWriter | undefined;
}
type BoundType = RowBinder['entityTypes'][number] & BoundTo;
type BoundLink = RowBinder['links'][number] & BoundTo;

/** Maps the rows of one table, a batch at a time, for every entity type and link property that reads it. */
export class TableStager {
  readonly #sinks: Sinks;
  readonly #table: TableMapping;
  #types: BoundType[] = [];
  #links: BoundLink[] = [];
  #segment: Segment = { source: '', columns: [], commandColumn: undefined };
  #commandIndex = -1;
  #seq: number;

  /** @param firstSeq order numbers go on from here: they must be unique over all tables of a sync */
  constructor(table: TableMapping, sinks: Sinks, firstSeq: number) {
    this.#table = table;
    this.#sinks = sinks;
    this.#seq = firstSeq;
  }

  get seq(): number {
    return this.#seq;
  }

  /** @throws SyncError `missing-column` if the mapping needs a column that the segment lacks */
  enter(segment: Segment): void {
    this.#segment = segment;
    this.#commandIndex = segment.commandColumn === undefined ? -1 : segment.columns.indexOf(segment.commandColumn);
    const binder = this.#bind(segment);
    // looked up here, once, since there are millions of rows
    const { rows, frozenKeys, identities, links, frozenLinks } = this.#sinks;
    this.#types = binder.entityTypes.map((type) => ({
      ...type,
      counts: this.#countsOf(type.name),
      rows: rows.get(type.name),
      frozen: frozenKeys.get(type.name),
      identities: identities.get(type.name),
    }));
    this.#links = binder.links.map((link) => {
      const scope = `${link.entityType}.${link.name}`;
      return { ...link, counts: this.#countsOf(scope), rows: links.get(scope), frozen: frozenLinks.get(scope) };
    });
  }

  #bind(segment: Segment): RowBinder {
    try {
      return bindColumns(this.#table, segment.columns, {
        patch: segment.commandColumn !== undefined || segment.does !== undefined,
        source: segment.source,
      });
    } catch (error) {
      if (segment.cut) return { entityTypes: [], links: [] };
      throw error;
    }
  }

  /** Counts rows that were left out while the table was read. */
  leaveOut(rows: number): void {
    for (const { counts } of [...this.#types, ...this.#links]) {
      counts.read += rows;
      counts.filtered += rows;
    }
  }

  /** @returns the sinks whose buffers are due to be flushed */
  take(records: readonly Row[]): Set<CopyWriter> {
    const due = new Set<CopyWriter>();
    for (const record of records) {
      this.#seq++;
      const command = this.#command(record);
      if (this.#segment.cut) {
        if (command === 'delete') this.#withhold(record, due);
        continue;
      }
      for (const type of this.#types) this.#takeForType(type, record, command, due);
      for (const link of this.#links) this.#takeForLink(link, record, command, due);
    }
    return due;
  }

  /** Says of a file that nothing of it is used, for now. */
  warnOfCut(source: string): Set<CopyWriter> {
    const due = new Set<CopyWriter>();
    const about = this.#table.entityTypes[0]?.name ?? this.#table.links[0]?.entityType;
    this.#segment = { source, columns: [], commandColumn: undefined };
    if (about !== undefined) this.#tell(about, undefined, cutFile, 'warning', due);
    return due;
  }

  /** A delete of a file that may have been cut short: counted, not done. */
  #withhold(record: Row, due: Set<CopyWriter>): void {
    for (const type of this.#types) {
      const mapped = type.map(record, 'delete');
      if (mapped.kind !== 'row') continue;
      const values: CopyValue[] = [
        this.#seq,
        this.#segment.source,
        record.line,
        record.position,
        'withheld',
        mapped.keyText,
        '{}',
        null,
        undefined,
      ];
      // no faults of links, no scope, no cells that a condition asks for
      values.push(undefined, undefined, undefined);
      for (const reference of mapped.references) values.push(reference, reference !== undefined);
      this.#add(type.rows, values, due);
    }
    for (const link of this.#links) {
      const mapped = link.map(record, 'delete');
      if (mapped.kind !== 'link') continue;
      const { source, target } = mapped;
      this.#add(
        link.rows,
        [this.#seq, this.#segment.source, record.line, record.position, 'withheld', source, target],
        due,
      );
    }
  }

  #command(record: Row): Command {
    if (this.#commandIndex < 0) return this.#segment.does ?? null;
    const cell = record.cells[this.#commandIndex];
    const word = typeof cell === 'string' ? cell.toLowerCase() : '';
    return isCommand(word) ? word : undefined;
  }

  #takeForType(type: BoundType, record: Row, command: Command, due: Set<CopyWriter>): void {
    const { counts } = type;
    counts.read++;
    const identity = type.identity?.of(record);
    if (identity !== undefined && this.#segment.does === 'delete' && !type.identity?.namesKey(record)) {
      this.#nameIdentity(type, identity, 'gone', record, due);
      return;
    }
    const mapped = type.map(record, mappedAs(command));
    if (mapped.kind === 'filtered') {
      counts.filtered++;
    } else if (mapped.kind === 'rejected' || command === undefined) {
      const error =
        mapped.kind === 'rejected'
          ? mapped
          : {
              ...unknownCommand,
              column: this.#segment.commandColumn,
              property: undefined,
              key: mapped.key,
              keyText: mapped.keyText,
            };
      counts.rejected++;
      if (error.keyText !== undefined) this.#add(type.frozen, [error.keyText], due);
      else if (identity === undefined) counts.unreadable++;
      if (identity !== undefined) this.#nameIdentity(type, identity, 'frozen', record, due);
      this.#tell(type.name, record, error, 'row-rejected', due);
    } else {
      // a whole record that the condition leaves out is gone, if it is stored
      const leftOut = this.#segment.does !== undefined && mapped.scope === 'out';
      const values: CopyValue[] = [
        this.#seq,
        this.#segment.source,
        record.line,
        record.position,
        leftOut ? 'delete' : command,
        mapped.keyText,
        mapped.attributes,
        mapped.fault ? JSON.stringify(mapped.fault) : null,
        mapped.managed?.managed,
        mapped.linkFaults && JSON.stringify(mapped.linkFaults),
      ];
      if (command !== null)
        values.push(...(this.#segment.does === undefined ? [mapped.scope, mapped.asked] : [undefined, undefined]));
      const unread = new Set(mapped.linkFaults?.map(({ name }) => name));
      mapped.references.forEach((reference, i) =>
        values.push(reference, reference !== undefined && !unread.has(type.references[i] ?? '')),
      );
      if (type.identities) values.push(identity);
      this.#add(type.rows, values, due);
      if (mapped.managed?.fault !== undefined)
        this.#tell(type.name, record, { ...ruleFailed(mapped.managed.fault), key: mapped.key }, 'warning', due);
      if (record.warning) this.#tell(type.name, record, { ...record.warning, key: mapped.key }, 'warning', due);
    }
  }

  #nameIdentity(type: BoundType, identity: string, what: string, { line, position }: Row, due: Set<CopyWriter>): void {
    this.#add(type.identities, [identity, what, this.#segment.source, line, position], due);
  }

  /** Takes the identities of what the source still has. A row without one leaves open what is gone. */
  takePresent(records: readonly Row[]): Set<CopyWriter> {
    const due = new Set<CopyWriter>();
    for (const record of records)
      for (const type of this.#types) {
        const identity = type.identity?.of(record);
        if (identity !== undefined) this.#nameIdentity(type, identity, 'present', record, due);
        else {
          type.counts.read++;
          type.counts.rejected++;
          type.counts.unreadable++;
          this.#tell(type.name, record, noIdentity, 'row-rejected', due);
        }
      }
    return due;
  }

  #takeForLink(link: BoundLink, record: Row, command: Command, due: Set<CopyWriter>): void {
    const { counts } = link;
    counts.read++;
    const mapped = link.map(record, mappedAs(command));
    if (mapped.kind === 'filtered') {
      counts.filtered++;
    } else if (mapped.kind === 'rejected' || command === undefined) {
      const error =
        mapped.kind === 'rejected'
          ? mapped
          : { ...unknownCommand, column: this.#segment.commandColumn, source: mapped.source, target: mapped.target };
      const waits = error.code === 'unfinished-line';
      counts[waits ? 'accepted' : 'rejected']++;
      // a target that its format cannot read leaves all links of the source as they are
      if (error.source !== undefined && (error.target !== undefined || error.code === 'format'))
        this.#add(link.frozen, [error.source, error.target], due);
      else if (!waits) counts.unreadable++;
      const key = error.source === undefined ? undefined : [error.source];
      const effect = waits ? 'warning' : 'link-rejected';
      this.#tell(link.entityType, record, { ...error, property: link.name, key }, effect, due);
    } else {
      const { kind, source, target } = mapped;
      counts[kind === 'out' ? 'filtered' : 'accepted']++;
      const does = kind === 'out' ? 'delete' : command;
      this.#add(link.rows, [this.#seq, this.#segment.source, record.line, record.position, does, source, target], due);
    }
  }

  #tell(
    entityType: string,
    place: Pick<Row, 'line' | 'position'> | undefined,
    error: {
      code: string;
      message: string;
      column?: string | undefined;
      property?: string | undefined;
      key?: string[] | undefined;
    },
    effect: ErrorEffect,
    due: Set<CopyWriter>,
  ): void {
    const { column, property, key, code, message } = error;
    const values = [
      entityType,
      this.#segment.source,
      place?.line,
      place?.position,
      column,
      property,
      key,
      code,
      message,
      effect,
    ];
    this.#add(this.#sinks.errors, values, due);
  }

  #add(sink: CopyWriter | undefined, values: readonly CopyValue[], due: Set<CopyWriter>): void {
    if (sink?.add(values)) due.add(sink);
  }

  #countsOf(scope: string): ReadCounts {
    let counts = this.#sinks.counts.get(scope);
    if (!counts) this.#sinks.counts.set(scope, (counts = noCounts()));
    return counts;
  }
}

export const noCounts = (): ReadCounts => ({
  read: 0,
  accepted: 0,
  rejected: 0,
  duplicates: 0,
  filtered: 0,
  unreadable: 0,
});

const cutFile = {
  code: 'unfinished-line',
  message:
    'The file has no line break at its end, so it may have been cut short. Nothing of it is used until it is whole; its deletes are withheld.',
} as const;

const noIdentity = {
  code: 'format',
  message: 'The source still has this row, but its identity cannot be read.',
} as const;

const unknownCommand = {
  code: 'unknown-command',
  message: 'The command of the row is none of insert, update, delete, merge.',
} as const;

const ruleFailed = (message: string) => ({ code: 'managed-rule', message }) as const;
