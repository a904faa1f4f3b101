import { csv } from './connector.ts';

interface Person {
  id: string;
  name: string;
  badge: string;
  boss: string;
  since: string;
  kind: string;
  teams: string[];
  /** Badges. */
  peers: string[];
}

/** A directory that changes at random, the same way for the same seed. */
export class Source {
  people = new Map<string, Person>();
  groups = new Map<string, string>();
  members: [group: string, person: string, role: string][] = [];
  /** Lines that stand in people.csv for one step only. */
  dirt: string[] = [];
  #next = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
    for (let i = 0; i < 60; i++) this.hire();
    for (let i = 0; i < 12; i++) this.groups.set(`G${String(i)}`, `Group ${String(i)}`);
    for (let i = 0; i < 90; i++) this.join();
  }

  random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) >>> 0;
    return (this.#state >>> 8) % below;
  }

  pick<Item>(items: Iterable<Item>): Item {
    const all = [...items];
    return all[this.random(all.length)] as Item;
  }

  hire(): void {
    const n = this.#next++;
    const boss = this.people.size > 3 ? this.pick(this.people.values()).badge : '';
    const teams = this.groups.size > 0 ? [this.pick(this.groups.keys())] : [];
    const person = {
      id: `E${String(n)}`,
      name: `Name ${String(n)}`,
      badge: `B${String(n)}`,
      boss,
      teams,
      peers: boss === '' ? [] : [boss],
    };
    this.people.set(person.id, { ...person, since: '2020-01-31', kind: 'staff' });
  }

  join(): void {
    const [group, person] = [this.pick(this.groups.keys()), this.pick(this.people.keys())];
    if (!this.members.some(([g, p]) => g === group && p === person)) this.members.push([group, person, 'member']);
  }

  leave({ cleanly }: { cleanly: boolean }, who = this.pick(this.people.keys())): void {
    const { id = who, badge } = this.people.get(who) ?? {};
    this.people.delete(id);
    if (!cleanly) return;
    this.members = this.members.filter(([, person]) => person !== id);
    for (const each of this.people.values()) if (each.boss === badge) each.boss = '';
    for (const each of this.people.values()) each.peers = each.peers.filter((peer) => peer !== badge);
  }

  /** Takes out whatever a sync would reject, warn of or read twice. */
  heal(): void {
    this.dirt = [];
    const badges = new Map<string, string>();
    for (const each of this.people.values()) {
      each.since = '2020-01-31';
      if (badges.has(each.badge)) each.badge = `B${each.id}`;
      if (each.kind !== 'test') badges.set(each.badge, each.id);
      each.teams = each.teams.filter((team) => this.groups.has(team));
    }
    for (const each of this.people.values()) {
      if (!badges.has(each.boss)) each.boss = '';
      each.peers = each.peers.filter((peer) => badges.has(peer));
    }
    const known = new Set(badges.values());
    const pairs = new Map(this.members.map((row) => [row.slice(0, 2).join(), row]));
    this.members = [...pairs.values()].filter(([group, person]) => this.groups.has(group) && known.has(person));
  }

  readonly steps: Record<string, () => void> = {
    nothing: () => undefined,
    'another name': () => (this.pick(this.people.values()).name += '!'),
    'several other names': () => {
      for (let i = 0; i < 3; i++) this.pick(this.people.values()).name += '?';
    },
    'a new person with links': () => {
      this.hire();
      this.join();
    },
    'a person who leaves': () => {
      this.leave({ cleanly: true });
    },
    'a person who leaves, and is still referred to': () => {
      this.leave({ cleanly: false });
    },
    'another boss': () => (this.pick(this.people.values()).boss = this.pick(this.people.values()).badge),
    'a boss who does not exist': () => (this.pick(this.people.values()).boss = 'B-none'),
    'other peers': () => {
      const badges = [this.pick(this.people.values()).badge, this.pick(this.people.values()).badge];
      this.pick(this.people.values()).peers = [...new Set(badges)];
    },
    'a peer who does not exist in place of those who do': () => {
      this.pick([...this.people.values()].filter(({ peers }) => peers.length > 0)).peers = ['B-none'];
    },
    'another badge': () => {
      const person = this.pick(this.people.values());
      for (const each of this.people.values()) if (each.boss === person.badge) each.boss += 'x';
      person.badge += 'x';
    },
    'a badge that another one has': () => {
      this.pick(this.people.values()).badge = this.pick(this.people.values()).badge;
    },
    'people who exchange their badges': () => {
      const [one, other] = [this.pick(this.people.values()), this.pick(this.people.values())];
      [one.badge, other.badge] = [other.badge, one.badge];
    },
    'a line with an error that goes': () => this.dirt.shift(),
    'another team': () => {
      const person = this.pick(this.people.values());
      person.teams = [this.pick(this.groups.keys()), this.pick(this.groups.keys())];
    },
    'another kind': () => {
      const person = this.pick(this.people.values());
      person.kind = person.kind === 'test' ? 'staff' : 'test';
    },
    'new members': () => {
      this.join();
      this.join();
    },
    'members who leave': () => this.members.splice(this.random(this.members.length - 3), 2),
    'another role': () => (this.pick(this.members)[2] += '+'),
    'a second role for the same member': () => {
      const [group, person] = this.pick(this.members);
      this.members.push([group, person, 'owner']);
    },
    'a group that goes with its members': () => {
      const group = this.pick(this.groups.keys());
      this.groups.delete(group);
      this.members = this.members.filter(([of]) => of !== group);
      for (const each of this.people.values()) each.teams = each.teams.filter((team) => team !== group);
    },
    'a new group': () => this.groups.set(`N${String(this.#next++)}`, 'new'),
    'a day that does not exist': () => (this.pick(this.people.values()).since = '2020-02-31'),
    'a row without a key': () => this.dirt.push(',Nobody,B,,2020-01-01,staff,,'),
    'a key that comes twice': () =>
      this.dirt.push(`${this.pick(this.people.keys())},Another,B-twice,,2020-01-01,staff,,`),
    'a key that comes twice, the second time with a day that does not exist': () =>
      this.dirt.push(`${this.pick(this.people.keys())},Another,B-day,,2020-02-31,staff,,`),
    'a key that differs by case': () =>
      this.dirt.push(`${this.pick(this.people.keys()).toLowerCase()},Lower,B-low,,2020-01-01,staff,,`),
    'a short row': () => this.dirt.push('E-short,Short'),
  };

  header = 'id,name,badge,boss,since,kind,teams,peers';

  /** Further cells of a person, for further columns of the header. */
  more(_id: string): string[] {
    return [];
  }

  files(): Record<string, string> {
    const people = [...this.people.values()].map((p) =>
      [p.id, p.name, p.badge, p.boss, p.since, p.kind, p.teams.join(';'), p.peers.join(';'), ...this.more(p.id)].join(
        ',',
      ),
    );
    const groups = [...this.groups].map(([id, title]) => `${id},${title}`);
    const members = this.members.map((row) => row.join(','));
    return {
      'people.csv': csv(this.header, ...this.shuffled([...people, ...this.dirt])),
      'groups.csv': csv('id,title', ...this.shuffled(groups)),
      'members.csv': csv('group,person,role', ...this.shuffled(members)),
    };
  }

  protected shuffled(lines: string[]): string[] {
    for (let i = lines.length - 1; i > 0; i--) {
      const j = this.random(i + 1);
      [lines[i], lines[j]] = [lines[j] ?? '', lines[i] ?? ''];
    }
    return lines;
  }
}
