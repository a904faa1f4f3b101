import { indexOf, type Directory } from './directory.ts';
import type { Random } from '../random.ts';
import { syntheticDirectory } from './synthetic.ts';

/** A synthetic directory with so many people, a group for fifty of them, and three memberships each. */
export function largeDirectory(people: number, seed: number, random: Random): Directory {
  const model = syntheticDirectory(seed);
  const { users, groups, memberships } = model.sheets;
  const userKey = (n: number) => `E${String(n).padStart(7, '0')}`;
  const [key, parent] = [indexOf(users, 'key'), indexOf(users, 'parent')];
  const unique = new Set([1, 2, 3]);
  users.rows = numbered(people, users.rows, (row, n) =>
    row.map((text, i) => {
      if (i === key) return userKey(n);
      if (i === parent) return n > 30 ? userKey(random.between(0, Math.floor(Math.min(n - 1, people / 8)))) : '';
      return unique.has(i) ? `${text}.${String(n)}` : text;
    }),
  );
  const [groupKey, above] = [indexOf(groups, 'key'), indexOf(groups, 'parent')];
  groups.rows = numbered(Math.ceil(people / 50), groups.rows, (row, n) =>
    row.map((text, i) => {
      if (i === groupKey) return `g${String(n)}`;
      if (i === above) return n > 5 ? `g${String(Math.floor(n / 4))}` : '';
      return i === 1 ? `${text} ${String(n)}` : text;
    }),
  );
  memberships.rows = users.rows.flatMap((row) => {
    const of = new Set(Array.from({ length: 3 }, () => random.between(0, groups.rows.length - 1)));
    return [...of].map((group) => [`g${String(group)}`, row[key] ?? '', 'member']);
  });
  return { ...model, membership: 'links', parents: 'links' };
}

const numbered = (count: number, models: string[][], make: (row: string[], n: number) => string[]) =>
  Array.from({ length: count }, (_, n) => make(models[n % models.length] ?? [], n));
