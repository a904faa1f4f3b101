export interface Person {
  name: string;
  note: string;
  status: string;
  mgr: string;
}
export type DeltaTable = 'users' | 'groups' | 'members';

/** `id` of a member is `<group> <person>`. */
export interface DeltaRow {
  table: DeltaTable;
  command: string;
  id: string;
  cells: Record<string, string>;
  /** The person as the directory had it before this row. */
  before?: Person | undefined;
}
export interface DeltaFile {
  name: string;
  table: DeltaTable;
  rows: DeltaRow[];
  text: string;
  /** So many bytes of it lie there; absent if it is whole. */
  cut?: number;
  read: boolean;
  /** So many rows have happened in the directory; absent if all of them. */
  happened?: number;
  /** Rows that a complete sync took while the file was cut. */
  from: number;
  /** Keys that a complete sync was limited to while the file lay there, and how many rows it had then. */
  passed: Map<string, number>;
}
interface Source {
  people: ReadonlyMap<string, Person>;
  groups: ReadonlyMap<string, string>;
  members: ReadonlyMap<string, string>;
}

/** What has to be stored, by the rules of the guide in their plainest form: one row after the other. */
export class DeltaExpectation {
  /** `birth` differs if the key was deleted and inserted again. */
  readonly people = new Map<string, { person: Partial<Person>; birth: number }>();
  readonly groups = new Map<string, { title: string; birth: number }>();
  readonly members = new Set<string>();
  #births = 0;

  incremental(files: readonly DeltaFile[], tables: readonly DeltaTable[]): void {
    const due = files.filter(({ table, read, cut }) => tables.includes(table) && !read && cut === undefined);
    const rows = due.flatMap((file) =>
      file.rows.filter(({ id }, nth) => nth >= file.from && nth >= (file.passed.get(id) ?? 0)),
    );
    for (const each of rows) if (each.table === 'users') this.#user(each);
    for (const each of rows) if (each.table === 'groups') this.#group(each);
    // links are resolved when all rows are read
    const last = new Map(rows.filter(({ table }) => table === 'members').map((each) => [each.id, each]));
    for (const { id, command, cells } of last.values())
      if (command !== 'delete' && cells['kind'] === 'user') this.members.add(id);
      else this.members.delete(id);
    for (const file of due) file.read = true;
  }

  complete(files: readonly DeltaFile[], tables: readonly DeltaTable[], source: Source): void {
    if (tables.includes('users')) this.completePeople([...this.people.keys(), ...source.people.keys()], source);
    if (tables.includes('groups')) {
      for (const id of this.groups.keys())
        if (!source.groups.has(id)) this.#group({ command: 'delete', id, cells: {} });
      for (const [id, title] of source.groups)
        this.groups.set(id, { title, birth: this.groups.get(id)?.birth ?? this.#births++ });
    }
    if (tables.includes('members')) {
      this.members.clear();
      for (const [pair, kind] of source.members) if (kind === 'user') this.members.add(pair);
    }
    for (const file of files.filter(({ table }) => tables.includes(table)))
      if (file.cut === undefined) file.read = true;
      else file.from = rowsWithin(file, file.cut);
  }

  completePeople(ids: readonly string[], source: Source): void {
    for (const id of new Set(ids)) {
      const person = source.people.get(id);
      if (person?.status !== 'active') this.#gone(id);
      else this.people.set(id, { person: { ...person }, birth: this.people.get(id)?.birth ?? this.#births++ });
    }
  }

  #gone(id: string): void {
    this.people.delete(id);
    for (const { person } of this.people.values()) if (person.mgr === id) person.mgr = '';
    for (const pair of this.members) if (pair.split(' ').includes(id)) this.members.delete(pair);
  }

  #user({ command, id, cells }: DeltaRow): void {
    const before = this.people.get(id);
    const status = cells['status'] ?? before?.person.status;
    if (command === 'delete') this.#gone(id);
    else if (status === undefined || (command === 'insert' && before)) return;
    else if (status === 'active')
      this.people.set(id, { person: { ...before?.person, ...cells }, birth: before?.birth ?? this.#births++ });
    else if (command !== 'insert') this.#gone(id);
  }

  #group({ command, id, cells }: Omit<DeltaRow, 'table'>): void {
    if (command === 'delete') {
      this.groups.delete(id);
      for (const pair of this.members) if (pair.startsWith(`${id} `)) this.members.delete(pair);
    } else if (command !== 'insert' || !this.groups.has(id))
      this.groups.set(id, { title: cells['title'] ?? '', birth: this.groups.get(id)?.birth ?? this.#births++ });
  }

  /** Attributes and links by key. */
  state() {
    const people = [...this.people].map(([id, { person }]) => {
      const { name = '', note = '', status = '', mgr = '' } = person;
      return [`P ${id}`, JSON.stringify({ name, note, status, mgr })] as const;
    });
    const groups = [...this.groups].map(([id, { title }]) => [`G ${id}`, title] as const);
    const members = [...this.members].map((pair) => [`M ${pair}`, 'linked'] as const);
    return Object.fromEntries([...people, ...groups, ...members].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Which resource it is that has the key. */
  births(): Map<string, number> {
    return new Map([
      ...[...this.people].map(([id, { birth }]) => [`P ${id}`, birth] as const),
      ...[...this.groups].map(([id, { birth }]) => [`G ${id}`, birth] as const),
    ]);
  }
}

/** How many rows are whole in the first bytes of a file: the header is no row, and line breaks in quotes end none. */
export function rowsWithin({ text, rows }: DeltaFile, bytes: number): number {
  let ends = 0;
  let quotes = 0;
  for (const byte of Buffer.from(text).subarray(0, bytes))
    if (byte === 0x22) quotes++;
    else if (byte === 0x0a && quotes % 2 === 0) ends++;
  return Math.min(rows.length, Math.max(0, ends - 1));
}
