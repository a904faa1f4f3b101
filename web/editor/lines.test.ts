import { expect, it } from 'vitest';
import { lineOf, pathAt, syntaxFault } from './lines.ts';

const text = `name: hr
connections:
  - name: files
    package: csv
    settings:
      directory: hr
entityTypes:
  - name: HR_Person
    key: [id]
`;

it('finds the line of a pointer, and of the nearest parent where it is not there', () => {
  expect(lineOf(text, '/name')).toBe(1);
  expect(lineOf(text, '/connections/0/settings/directory')).toBe(6);
  expect(lineOf(text, '/entityTypes/0/source')).toBe(8);
  expect(lineOf(text, '')).toBe(1);
});

it('says where YAML is broken', () => {
  expect(syntaxFault(text)).toBeUndefined();
  expect(syntaxFault('a: 1\nb: [1\nc: 2\n')?.line).toBeGreaterThan(1);
});

it('knows under which keys a place stands', () => {
  expect(pathAt(text, text.indexOf('directory'))).toEqual(['connections', 'settings']);
  expect(pathAt(text, text.indexOf('key:'))).toEqual(['entityTypes']);
  expect(pathAt(text, 0)).toEqual([]);
});
