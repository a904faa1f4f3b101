import type { CauseCode } from '../../../../domain/codes.ts';
import { copyOf, indexesOf, indexOf, type Directory } from '../directory.ts';
import type { Random } from '../../random.ts';

/** What befell real directories, as accidents that can be made of any. */
export const asTheyHappened: readonly {
  name: string;
  code: CauseCode;
  make: (directory: Directory, random: Random) => Directory;
}[] = [
  { name: 'all memberships are gone', code: 'blank-file', make: (directory, random) => lose(directory, random, 1) },
  {
    name: 'two thirds of the memberships are gone',
    code: 'links-lost',
    make: (directory, random) => lose(directory, random, 2 / 3),
  },
  {
    name: 'half of the memberships are gone',
    code: 'links-lost',
    make: (directory, random) => lose(directory, random, 0.5),
  },
  { name: 'many teams are renamed', code: 'property-changed-everywhere', make: renameTeams },
  {
    name: 'a column changes in two thirds of the groups',
    code: 'property-changed-everywhere',
    make: (directory, random) => describeGroups(directory, random, 0.67),
  },
  {
    name: 'a column changes in nine tenths of the groups',
    code: 'property-changed-everywhere',
    make: (directory, random) => describeGroups(directory, random, 0.9),
  },
];

function lose(directory: Directory, random: Random, part: number): Directory {
  const changed = copyOf(directory);
  const { memberships } = changed.sheets;
  const kept = new Set(random.some(memberships.rows, Math.round((1 - part) * memberships.rows.length)));
  memberships.rows = memberships.rows.filter((row) => kept.has(row));
  return changed;
}

/** A quarter of the teams, each to a name of its own. */
function renameTeams(directory: Directory, random: Random): Directory {
  const changed = copyOf(directory);
  const { groups } = changed.sheets;
  const name = indexOf(groups, 'name');
  for (const row of random.some(groups.rows, Math.max(11, Math.round(0.25 * groups.rows.length))))
    row[name] = `${random.name()} ${random.name()}`;
  return changed;
}

function describeGroups(directory: Directory, random: Random, part: number): Directory {
  const changed = copyOf(directory);
  const { groups } = changed.sheets;
  const [text = 0] = indexesOf(groups, 'text');
  for (const row of random.some(groups.rows, Math.ceil(part * groups.rows.length)))
    row[text] = `About ${random.word()} and ${random.word()}`;
  return changed;
}
