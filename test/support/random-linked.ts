import { csv } from './connector.ts';
import { Source } from './random-directory.ts';

/** The people of another system, to whom people and groups of the directory lead. */
export class Staff {
  numbers = new Map<string, { number: string; name: string }>();

  file(): Record<string, string> {
    return { 'staff.csv': csv('id,number,name', ...[...this.numbers].map(([id, s]) => `${id},${s.number},${s.name}`)) };
  }
}

/** A directory whose people and groups lead to staff: by a number, by their keys, and by rows of a table. */
export class LinkedSource extends Source {
  readonly staff = new Staff();
  override header = 'id,name,badge,boss,since,kind,teams,peers,number,mates';
  given = new Map<string, { number: string; mates: string[] }>();
  guests: [group: string, staff: string][] = [];
  #last = 0;

  constructor(seed: number) {
    super(seed);
    for (let i = 0; i < 40; i++) this.recruit();
    for (const id of this.people.keys()) this.give(id);
    for (let i = 0; i < 30; i++) this.invite();
  }

  recruit(): string {
    const id = `S${String(++this.#last)}`;
    this.staff.numbers.set(id, { number: `N${String(this.#last)}`, name: `Staff ${String(this.#last)}` });
    return id;
  }

  give(id: string): void {
    const [one, other] = [this.pick(this.staff.numbers.values()), this.pick(this.staff.numbers.keys())];
    this.given.set(id, { number: one.number, mates: [...new Set([other, this.pick(this.staff.numbers.keys())])] });
  }

  invite(): void {
    const [group, guest] = [this.pick(this.groups.keys()), this.pick(this.staff.numbers.keys())];
    if (!this.guests.some(([g, s]) => g === group && s === guest)) this.guests.push([group, guest]);
  }

  override more(id: string): string[] {
    if (!this.given.has(id)) this.give(id);
    const { number, mates } = this.given.get(id) ?? { number: '', mates: [] };
    return [number, mates.join(';')];
  }

  override files(): Record<string, string> {
    const guests = this.shuffled(this.guests.filter(([group]) => this.groups.has(group)).map((row) => row.join(',')));
    return { ...super.files(), 'guests.csv': csv('group,staff', ...guests) };
  }

  override heal(): void {
    super.heal();
    const known = new Set([...this.staff.numbers.values()].map(({ number }) => number));
    for (const each of this.given.values()) {
      if (!known.has(each.number)) each.number = '';
      each.mates = each.mates.filter((mate) => this.staff.numbers.has(mate));
    }
    this.guests = this.guests.filter(([, guest]) => this.staff.numbers.has(guest));
  }

  /** What the other system does. */
  readonly elsewhere: Record<string, () => void> = {
    'another name of staff': () => (this.pick(this.staff.numbers.values()).name += '!'),
    'staff that comes': () => this.recruit(),
    'staff that comes with a number that others name': () => {
      const id = this.recruit();
      const number = `N-early${id}`;
      this.pick(this.given.values()).number = number;
      (this.staff.numbers.get(id) ?? { number: '' }).number = number;
    },
    'staff that comes with a number that one has': () => {
      const { number } = this.pick(this.staff.numbers.values());
      (this.staff.numbers.get(this.recruit()) ?? { number: '' }).number = number;
    },
    'staff that leaves, and is still referred to': () =>
      this.staff.numbers.delete(this.pick(this.staff.numbers.keys())),
    'staff that leaves': () => {
      this.staff.numbers.delete(this.pick(this.staff.numbers.keys()));
      this.heal();
    },
    'another number of staff, that nobody names': () => (this.pick(this.staff.numbers.values()).number += 'x'),
    'another number of staff, that others name': () => {
      const one = this.pick(this.staff.numbers.values());
      for (const each of this.given.values()) if (each.number === one.number) each.number += 'y';
      one.number += 'y';
    },
    'staff that exchanges numbers': () => {
      const [one, other] = [this.pick(this.staff.numbers.values()), this.pick(this.staff.numbers.values())];
      [one.number, other.number] = [other.number, one.number];
    },
    'a number that two of the staff have': () =>
      (this.pick(this.staff.numbers.values()).number = this.pick(this.staff.numbers.values()).number),
    'numbers of their own again': () => {
      const seen = new Set<string>();
      for (const [id, each] of this.staff.numbers) {
        if (seen.has(each.number)) each.number = `N-${id}`;
        seen.add(each.number);
      }
    },
  };

  /** What the directory does to what leads elsewhere. */
  readonly links: Record<string, () => void> = {
    'another number': () => {
      this.give(this.pick(this.people.keys()));
    },
    'a number that nobody has': () => (this.pick(this.given.values()).number = 'N-none'),
    'new guests': () => {
      this.invite();
      this.invite();
    },
    'guests who go': () => this.guests.splice(this.random(Math.max(1, this.guests.length - 2)), 2),
  };
}
