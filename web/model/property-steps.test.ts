import { expect, it } from 'vitest';
import { groupBeside, groupName, propertyGroups } from './property-steps.ts';

type Groups = Parameters<typeof propertyGroups>[0];

const group = (id: string, property: string | null, of: object = {}) => ({
  ...{ id, property, entityType: 'Person', kind: 'resource', operation: 'update', transition: null },
  ...of,
});
const groups = [
  group('all', null),
  group('name', 'name'),
  group('mail', 'mail'),
  group('moves', null, { transition: { property: 'mail', from: 1, to: 2 } }),
  group('gone', 'name', { operation: 'delete' }),
  group('boss', 'boss', { kind: 'link', operation: 'delete' }),
] as unknown as Groups;

it('goes through the properties that change, and neither beyond the last nor before the first', () => {
  const steps = propertyGroups(groups);
  expect(steps.map(({ id }) => id)).toEqual(['name', 'mail', 'boss']);
  expect(steps.map(groupName)).toEqual(['Person.name updates', 'Person.mail updates', 'Person.boss link deletes']);
  expect(groupBeside(steps, undefined, 1)?.id).toBe('name');
  expect(groupBeside(steps, undefined, -1)?.id).toBe('boss');
  expect(groupBeside(steps, 'name', 1)?.id).toBe('mail');
  expect(groupBeside(steps, 'boss', 1)).toBeUndefined();
  expect(groupBeside(steps, 'name', -1)).toBeUndefined();
});
