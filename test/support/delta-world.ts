import { csv } from './connector.ts';
import {
  DeltaExpectation,
  rowsWithin,
  type DeltaFile,
  type DeltaRow,
  type DeltaTable,
  type Person,
} from './delta-expectation.ts';

const full = ['name', 'note', 'status', 'mgr'] as const;

/**
 * A directory that changes at random, the same way for the same seed, and writes delta files about each change. It keeps
 * the order that a source keeps: it takes away every reference to a resource before it deletes the resource, and a row that
 * brings a person into the scope of the condition has all columns.
 */
export class DeltaWorld {
  people = new Map<string, Person>();
  groups = new Map<string, string>();
  /** The kind by `<group> <person>`. */
  members = new Map<string, string>();
  readonly expected = new DeltaExpectation();
  files: DeltaFile[] = [];
  #rows: DeltaRow[] = [];
  #next = 0;
  #text = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
    for (let i = 0; i < 12; i++) this.hire();
    for (let i = 0; i < 4; i++) this.newGroup();
    for (let i = 0; i < 10; i++) this.join();
    this.#rows = [];
    this.#state ^= seed << 8;
  }

  random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) >>> 0;
    return (this.#state >>> 8) % below;
  }
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.random(Math.max(1, items.length))];
  }
  #word(): string {
    const quoted = ['', '', '', ',', ' "x"', '\n'][this.random(6)] ?? '';
    return `t${String(this.#text++)}${quoted}`;
  }

  /** What no file mentions that is not whole yet: nothing else may change it before the rest of the file has come. */
  #free(id: string): boolean {
    return !this.files.some(({ cut, rows }) => cut !== undefined && rows.some((row) => mentions(row).includes(id)));
  }
  #removable(id: string): boolean {
    return this.#free(id) && this.#referrers(id).every((each) => this.#free(each));
  }
  #referrers(id: string): string[] {
    const managed = [...this.people].filter(([, { mgr }]) => mgr === id).map(([each]) => each);
    const pairs = [...this.members.keys()].map((pair) => pair.split(' ')).filter((pair) => pair.includes(id));
    return [...managed, ...pairs.flat()];
  }
  readonly #active = (status: 'active' | 'gone' = 'active') =>
    [...this.people].filter(([id, each]) => each.status === status && this.#free(id)).map(([id]) => id);

  #tell(table: DeltaTable, command: string, id: string, cells: Record<string, string> = {}, before?: Person): void {
    this.#rows.push({ table, command, id, cells, before });
  }
  #put(id: string, cells: Partial<Person>, commands: readonly string[], columns?: readonly (keyof Person)[]): void {
    const before = this.people.get(id);
    const now: Person = { ...(before ?? { name: '', note: '', status: 'active', mgr: '' }), ...cells };
    if (now.status !== 'active') now.mgr = '';
    this.people.set(id, now);
    const named = columns ?? (this.random(2) === 0 ? full : (Object.keys(cells) as (keyof Person)[]));
    const given = Object.fromEntries(full.filter((each) => named.includes(each)).map((each) => [each, now[each]]));
    this.#tell('users', this.pick(commands) ?? 'merge', id, given, before);
  }
  #boss(but: string): string {
    return this.random(3) === 0 ? '' : (this.pick(this.#active().filter((id) => id !== but)) ?? '');
  }
  /** Takes away all that leads to it. */
  #clear(id: string): void {
    for (const [each, { mgr }] of this.people) if (mgr === id) this.#put(each, { mgr: '' }, ['update', 'merge']);
    for (const pair of this.members.keys())
      if (pair.split(' ').includes(id)) {
        this.members.delete(pair);
        this.#tell('members', 'delete', pair);
      }
  }
  #new(id: string): void {
    const status = this.random(5) === 0 ? 'gone' : 'active';
    const note = this.random(2) === 0 ? '' : this.#word();
    this.people.delete(id);
    this.#put(id, { name: this.#word(), note, status, mgr: this.#boss(id) }, ['insert', 'merge'], full);
  }

  hire(): void {
    this.#new(`E${String(this.#next++)}`);
  }
  newGroup(): void {
    const id = `G${String(this.#next++)}`;
    this.groups.set(id, this.#word());
    this.#tell('groups', this.pick(['insert', 'merge']) ?? '', id, { title: this.groups.get(id) ?? '' });
  }
  join(): void {
    const group = this.pick([...this.groups.keys()].filter((id) => this.#free(id)));
    const person = this.pick(this.#active());
    if (group === undefined || person === undefined) return;
    const pair = `${group} ${person}`;
    const command = this.members.has(pair) ? ['merge', 'update'] : ['merge', 'insert'];
    this.members.set(pair, this.random(3) === 0 ? 'guest' : 'user');
    this.#tell('members', this.pick(command) ?? '', pair, { kind: this.members.get(pair) ?? '' });
  }
  #delete(id: string): void {
    this.#clear(id);
    this.people.delete(id);
    this.#tell('users', 'delete', id);
  }
  #leave(id: string): void {
    this.#clear(id);
    this.#put(id, { status: 'gone' }, ['update', 'merge']);
  }
  readonly #person = () => this.pick(this.#active().filter((id) => this.#removable(id)));

  readonly changes: Record<string, () => void> = {
    hire: () => {
      this.hire();
    },
    'hire again': () => {
      const id = `E${String(this.random(this.#next))}`;
      if (!this.people.has(id) && this.#free(id)) this.#new(id);
    },
    rename: () => {
      const id = this.pick(this.#active());
      if (id !== undefined) this.#put(id, { name: this.#word() }, ['update', 'merge']);
    },
    'rename who is not in the scope': () => {
      const id = this.pick(this.#active('gone'));
      if (id !== undefined) this.#put(id, { name: this.#word() }, ['update', 'merge']);
    },
    'empty a value': () => {
      const id = this.pick(this.#active());
      if (id !== undefined) this.#put(id, { note: this.random(2) === 0 ? '' : this.#word() }, ['update', 'merge']);
    },
    'another manager': () => {
      const id = this.pick(this.#active());
      if (id !== undefined) this.#put(id, { mgr: this.#boss(id) }, ['update', 'merge']);
    },
    'leave the scope': () => {
      const id = this.#person();
      if (id !== undefined) this.#leave(id);
    },
    'enter the scope': () => {
      const id = this.pick(this.#active('gone'));
      if (id !== undefined)
        this.#put(id, { status: 'active', mgr: this.#boss(id) }, ['update', 'merge', 'insert'], full);
    },
    delete: () => {
      const id = this.#person();
      if (id !== undefined) this.#delete(id);
    },
    'delete who is not in the scope': () => {
      const id = this.pick(this.#active('gone'));
      if (id !== undefined) this.#delete(id);
    },
    'delete and insert': () => {
      const id = this.#person();
      if (id === undefined) return;
      this.#delete(id);
      this.#new(id);
    },
    'leave and enter': () => {
      const id = this.#person();
      if (id === undefined) return;
      this.#leave(id);
      this.#put(id, { status: 'active' }, ['update', 'merge', 'insert'], full);
    },
    'delete nobody': () => {
      this.#tell('users', 'delete', 'E-none');
    },
    join: () => {
      this.join();
    },
    'join and join': () => {
      this.join();
      this.join();
    },
    'leave a group': () => {
      const pair = this.pick([...this.members.keys()].filter((each) => each.split(' ').every((id) => this.#free(id))));
      if (pair === undefined) return;
      this.members.delete(pair);
      this.#tell('members', 'delete', pair);
    },
    'another kind of member': () => {
      const pair = this.pick([...this.members.keys()].filter((each) => each.split(' ').every((id) => this.#free(id))));
      if (pair === undefined) return;
      this.members.set(pair, this.members.get(pair) === 'user' ? 'guest' : 'user');
      this.#tell('members', this.pick(['merge', 'update']) ?? '', pair, { kind: this.members.get(pair) ?? '' });
    },
    'a new group': () => {
      this.newGroup();
    },
    'a group goes, and may come again': () => {
      const id = this.pick([...this.groups.keys()].filter((each) => this.#removable(each)));
      if (id === undefined || this.groups.size < 3) return;
      this.#clear(id);
      this.groups.delete(id);
      this.#tell('groups', 'delete', id);
      if (this.random(2) === 0) return;
      this.groups.set(id, this.#word());
      this.#tell('groups', 'insert', id, { title: this.groups.get(id) ?? '' });
      this.join();
    },
  };

  /** Some changes, and the files that tell them; the last one may still be being written. @returns what was done */
  write(): string {
    const names = Object.keys(this.changes);
    const chosen = Array.from({ length: 1 + this.random(4) }, () => this.pick(names) ?? '');
    for (const name of chosen) this.changes[name]?.();
    const files = this.#asFiles(this.#rows);
    this.#rows = [];
    const last = files.at(-1);
    if (last && this.random(4) === 0) this.#cut(last);
    this.files.push(...files);
    const named = files.map((file) => `${file.name}${file.cut === undefined ? '' : ' cut'}`);
    return `${chosen.join(', ')} (${named.join(', ')})`;
  }

  /** The content of an earlier file under a new name, where the directory can go through it again. */
  repeat(): string {
    const file = this.pick(this.files.filter(({ cut, rows }) => cut === undefined && this.#repeatable(rows)));
    if (!file) return 'nothing to repeat';
    for (const { table, command, id, cells } of file.rows)
      if (command === 'delete') this.#mapOf(table).delete(id);
      else if (table === 'groups') this.groups.set(id, cells['title'] ?? '');
      else if (table === 'members') this.members.set(id, cells['kind'] ?? '');
      else {
        const before = this.people.get(id);
        const now = { ...before, ...cells } as Person;
        if (before || 'name' in cells) this.people.set(id, now.status === 'active' ? now : { ...now, mgr: '' });
      }
    const name = this.#nameOf(file.table);
    this.files.push({ ...file, name, read: false, from: 0, passed: new Map() });
    return `${file.name} again as ${name}`;
  }

  #mapOf(table: DeltaTable): Map<string, unknown> {
    return { users: this.people, groups: this.groups, members: this.members }[table];
  }

  /** Of a file that is cut, what is missing has not happened yet, if it is no more than new values of people. */
  #cut(file: DeltaFile): void {
    file.cut = this.#cutOf(file);
    const missing = file.rows.slice(rowsWithin(file, file.cut));
    if (
      !missing.every(
        ({ cells, before }) => before && Object.keys(cells).every((each) => ['name', 'note'].includes(each)),
      )
    )
      return;
    file.happened = file.rows.length - missing.length;
    for (const { id, before } of missing.reverse()) if (before) this.people.set(id, before);
  }

  #happen(file: DeltaFile): void {
    if (file.happened === undefined) return;
    const now = file.cut === undefined ? file.rows.length : rowsWithin(file, file.cut);
    for (const { id, cells } of file.rows.slice(file.happened, now)) {
      const before = this.people.get(id);
      if (before) this.people.set(id, { ...before, ...cells });
    }
    file.happened = now;
  }

  /** Whether the directory stays whole: no row inserts what is there, takes away what others refer to, or is about nobody. */
  #repeatable(rows: readonly DeltaRow[]): boolean {
    const there = new Set([...this.people.keys(), ...this.groups.keys()]);
    return rows.every(({ table, command, id, cells }) => {
      if (!id.split(' ').every((each) => this.#free(each))) return false;
      const goes = command === 'delete' || (cells['status'] !== undefined && cells['status'] !== 'active');
      if (table === 'members')
        return (
          goes || id.split(' ').every((each) => this.groups.has(each) || this.people.get(each)?.status === 'active')
        );
      if (goes && (this.#referrers(id).length > 0 || rows.some((row) => row.cells['mgr'] === id))) return false;
      if (command === 'insert' && there.has(id)) return false;
      const mgr = cells['mgr'] ?? '';
      if (mgr !== '' && (this.people.get(mgr)?.status !== 'active' || !this.#free(mgr))) return false;
      const before = this.people.get(id);
      if (table === 'users' && command !== 'delete' && Object.keys(cells).length < full.length) {
        // a manager is written of people in the scope only
        if (!there.has(id) || (mgr !== '' && before?.status !== 'active')) return false;
      }
      if (command === 'delete') there.delete(id);
      else there.add(id);
      return true;
    });
  }

  /** More of a file that was cut: all, or a part. */
  finish(): string {
    const file = this.pick(this.files.filter(({ cut }) => cut !== undefined));
    if (!file || file.cut === undefined) return 'nothing to finish';
    const rest = Buffer.byteLength(file.text) - file.cut;
    if (this.random(3) === 0) file.cut = this.#cutOf(file, file.cut);
    else delete file.cut;
    this.#happen(file);
    return `${file.name} has ${file.cut === undefined ? 'all' : 'some'} of the other ${String(rest)} bytes`;
  }

  /** A number of bytes that does not end with a line break. */
  #cutOf({ text }: DeltaFile, least = 0): number {
    const bytes = Buffer.from(text);
    const at = least + this.random(bytes.length - least);
    return at > 0 && bytes[at - 1] === 0x0a ? at - 1 : at;
  }

  #nameOf(table: DeltaTable): string {
    return `${table}-${String(this.#text++).padStart(6, '0')}.csv`;
  }

  /** Rows that have the same columns go into one file, or into two. */
  #asFiles(rows: readonly DeltaRow[]): DeltaFile[] {
    const runs: DeltaRow[][] = [];
    const columnsOf = (run: readonly DeltaRow[]) => run.find(({ command }) => command !== 'delete')?.cells;
    for (const row of rows) {
      const run = runs.at(-1);
      const columns = run && columnsOf(run);
      const fits =
        row.command === 'delete' || !columns || Object.keys(columns).join() === Object.keys(row.cells).join();
      if (run?.[0]?.table === row.table && fits && this.random(4) > 0) run.push(row);
      else runs.push([row]);
    }
    return runs.map((run) => {
      const table = run[0]?.table ?? 'users';
      const columns = Object.keys(columnsOf(run) ?? {});
      const lines = run.map(({ command, id, cells }) =>
        [command, ...id.split(' '), ...columns.map((column) => quoted(cells[column] ?? ''))].join(','),
      );
      const text = csv(['cmd', ...keys[table], ...columns].join(','), ...lines);
      return {
        name: this.#nameOf(table),
        table,
        rows: run,
        text,
        read: false,
        from: 0,
        passed: new Map<string, number>(),
      };
    });
  }

  /** The files of a complete read. */
  complete(): Record<string, string> {
    return {
      'users.csv': csv(
        'id,name,note,status,mgr',
        ...[...this.people].map(([id, each]) => [id, ...full.map((column) => quoted(each[column]))].join(',')),
      ),
      'groups.csv': csv('id,title', ...[...this.groups].map(([id, title]) => `${id},${quoted(title)}`)),
      'members.csv': csv('g,u,kind', ...[...this.members].map(([pair, kind]) => `${pair.replace(' ', ',')},${kind}`)),
    };
  }

  /** The delta files as they lie there. */
  deltas(): Record<string, Buffer> {
    return Object.fromEntries(this.files.map(({ name, text, cut }) => [name, Buffer.from(text).subarray(0, cut)]));
  }
}

const keys: Record<DeltaTable, string[]> = { users: ['id'], groups: ['id'], members: ['g', 'u'] };
const quoted = (cell: string) => (/[,"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const mentions = ({ id, cells }: DeltaRow) => [...id.split(' '), ...(cells['mgr'] ? [cells['mgr']] : [])];
