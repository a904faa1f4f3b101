import { expect, test } from 'vitest';
import { watchesOf } from './watches.ts';

type Types = Parameters<typeof watchesOf>[0]['entityTypes'];

test('values and links that are watched stand with their type or property, their values as text', () => {
  const entityTypes = [
    {
      name: 'Person',
      watch: [{ property: 'active', to: [false], from: [true], maximumLines: 2 }],
      navigationProperties: { groups: { to: 'Group', watch: [{ to: ['admins', ['a', 'b']], maximumLines: 0 }] } },
    },
    { name: 'Group' },
  ] as unknown as Types;
  expect(watchesOf({ entityTypes })).toEqual([
    { scope: 'Person', property: 'active', to: ['false'], from: ['true'], maximumLines: 2 },
    { scope: 'Person.groups', to: ['admins', 'a · b'], maximumLines: 0 },
  ]);
});
