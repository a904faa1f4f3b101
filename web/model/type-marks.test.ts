import { expect, it } from 'vitest';
import { typeMarks } from './type-marks.ts';

const group = (entityType: string, lines: number, property: string | null = null) => ({
  ...{ entityType, lines, property },
  transition: null,
});

it('says of each type what waits and what is wrong, and counts no change twice', () => {
  const marks = typeMarks(
    [
      { entityType: 'Person', errors: 2 },
      { entityType: 'Person', errors: 1 },
      { entityType: 'Team', errors: 1 },
      { errors: 5 },
    ],
    [group('Person', 1200), group('Person', 1200, 'mail'), group('Person', 3), group('Role', 1)],
  );
  expect(Object.fromEntries(marks)).toEqual({
    Person: ['1,203 changes held', '3 errors'],
    Team: ['1 error'],
    Role: ['1 change held'],
  });
});
