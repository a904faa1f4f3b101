import { hash, pick } from './random.ts';
import type { Shape } from './sizes.ts';
import {
  cities,
  companies,
  countries,
  departments,
  firstNames,
  groupKinds,
  lastNames,
  streets,
  titles,
} from './words.ts';

/**
 * What stands in a row, as a function of its number. There are two snapshots, `before` and `after`: between them 1 % of
 * the users and groups have other values, 0.5 % of the users go and 0.5 % come with their memberships, and 0.5 % of the
 * memberships move to another group. Nothing in a snapshot leads to a row that it does not have.
 */
export type Snapshot = 'before' | 'after';

const seed = 20_260_131;
const goes = (user: number) => user % 200 === 37;

/** Whether a user or a group has other values in the second snapshot. */
export const changes = (row: number): boolean => row % 100 === 11;

const two = (n: number) => String(n).padStart(2, '0');
const of = <Item>(list: readonly Item[], row: number, field: number): Item =>
  list[pick(list.length, seed, row, field)] as Item;

export const userKey = (user: number): string => `E-${String(user).padStart(8, '0')}`;
const groupKey = (group: number): string => `GRP-${String(group).padStart(7, '0')}`;
const orgUnitKey = (unit: number): string => `OU-${String(unit).padStart(6, '0')}`;

/** Numbers of users go from 0 up to this; not each of them is in each snapshot. */
export const userNumbers = ({ users }: Shape): number => users + users / 200;
export const hasUser = ({ users }: Shape, snapshot: Snapshot, user: number): boolean =>
  snapshot === 'before' ? user < users : user >= users || !goes(user);

export const userColumns =
  'employee_id,user_name,first_name,last_name,display_name,mail,phone,mobile,title,department,cost_center,company,org_unit,manager,office,street,postal_code,city,country,start_date,end_date,weekly_hours,badge_number,active,last_login'.split(
    ',',
  );

export function userRow(shape: Shape, snapshot: Snapshot, user: number): string {
  const edition = snapshot === 'after' && changes(user) ? 1 : 0;
  const first = of(firstNames, user, 1);
  const last = of(lastNames, user, 2);
  const name = `${first}.${last}.${user.toString(36)}`.toLowerCase();
  const city = pick(cities.length, seed, user, 3);
  const { title, phone, lastLogin } = changingCells(user, edition);
  return [
    userKey(user),
    name,
    first,
    last,
    `"${last}, ${first}"`,
    `${name}@contoso.example`,
    phone,
    hash(seed, user, 4) % 10 < 6 ? `+47 9${String(pick(10_000_000, seed, user, 5)).padStart(7, '0')}` : '',
    title,
    of(departments, user, 6),
    `CC${String(pick(900, seed, user, 7) + 100)}`,
    of(companies, user, 8),
    orgUnitKey(pick(shape.orgUnits, seed, user, 9)),
    user === 0 ? '' : userKey(managerOf(snapshot, user)),
    `B${String(pick(40, seed, user, 10))}.${String(pick(600, seed, user, 11))}`,
    `${of(streets, user, 12)} ${String(pick(180, seed, user, 13) + 1)}`,
    String(pick(90_000, seed, user, 14)).padStart(5, '0'),
    cities[city],
    countries[city],
    date(user, 15),
    hash(seed, user, 16) % 20 === 0 ? date(user, 17) : '',
    String(pick(5, seed, user, 18) * 5 + 20),
    String(1_000_000 + user),
    hash(seed, user, 19) % 25 === 0 ? 'no' : 'yes',
    lastLogin,
  ].join(',');
}

/** The cells in which editions of a user differ. */
export function changingCells(user: number, edition: number): { title: string; phone: string; lastLogin: string } {
  const field = 30 + 10 * edition;
  // the number at the end: each edition differs from the one before, whatever the hash says
  return {
    title: `${of(titles, user, field)} ${'I'.repeat((edition % 3) + 1)}`,
    phone: `+47 2${String(pick(1_000_000, seed, user, field + 1)).padStart(6, '0')}${String(edition % 10)}`,
    lastLogin: `2025-${two(pick(12, seed, user, field + 2) + 1)}-${two(pick(28, seed, user, field + 3) + 1)}T${two(pick(24, seed, user, field + 4))}:${two(pick(60, seed, user, field + 5))}:${two(edition % 60)}Z`,
  };
}

const date = (user: number, field: number) =>
  `${two(pick(28, seed, user, field) + 1)}/${two(pick(12, seed, user, field + 50) + 1)}/${String(pick(20, seed, user, field + 60) + 2005)}`;

/** A tree: everyone's manager has a smaller number. Whose manager goes, gets that one's manager. Number 0 has none. */
export function managerOf(snapshot: Snapshot, user: number): number {
  let manager = Math.floor(user / 8);
  while (snapshot === 'after' && goes(manager)) manager = Math.floor(manager / 8);
  return manager;
}

export const orgUnitColumns = ['unit_id', 'name', 'parent', 'cost_center'];
export const orgUnitRow = (unit: number): string =>
  [
    orgUnitKey(unit),
    `${of(departments, unit, 70)} ${String(unit)}`,
    unit === 0 ? '' : orgUnitKey(Math.floor(unit / 6)),
    `CC${String(pick(900, seed, unit, 71) + 100)}`,
  ].join(',');

export const groupColumns = ['group_id', 'name', 'description', 'kind', 'mail'];
export const groupRow = (snapshot: Snapshot, group: number): string =>
  [
    groupKey(group),
    `${of(departments, group, 80)} ${of(cities, group, 81)} ${String(group)}`,
    `Members of ${of(companies, group, 82)}${snapshot === 'after' && changes(group) ? ' (reviewed)' : ''}`,
    of(groupKinds, group, 83),
    `group-${String(group)}@contoso.example`,
  ].join(',');

export const membershipColumns = ['group_id', 'employee_id'];

/**
 * The n-th group of a user, n from 0 to 11, all different: the first ten are those of the files, the two behind them
 * are for what moves or comes. Low numbers are picked more often, so groups differ in size as they do in life.
 */
export function groupOf({ groups }: Shape, user: number, n: number): string {
  const start = (hash(seed, user, 90) / 0x1_0000_0000) ** 2 * groups;
  const step = 1 + pick(Math.floor(groups / 12), seed, user, 91);
  return groupKey((Math.floor(start) + n * step) % groups);
}

/** Whether one of a user's memberships is another in the second snapshot. */
export const movesMembership = (user: number): boolean => hash(seed, user, 92) % 20 === 0;

export function membershipRow(shape: Shape, snapshot: Snapshot, user: number, n: number): string {
  const moves = snapshot === 'after' && movesMembership(user) && n === hash(seed, user, 93) % 10;
  return `${groupOf(shape, user, moves ? 10 : n)},${userKey(user)}`;
}

/** A membership of somebody whom the directory does not have. */
export const danglingRow = (shape: Shape, n: number): string =>
  `${groupOf(shape, n, 11)},X-${String(n).padStart(8, '0')}`;

/** Users that delta files are about: some of the second snapshot, spread over its first users. */
export function usersForDelta(shape: Shape, count: number): number[] {
  const step = Math.max(1, Math.floor(shape.users / (count * 2)));
  const found: number[] = [];
  for (let user = 1; found.length < count; user += step) if (hasUser(shape, 'after', user)) found.push(user);
  return found;
}
