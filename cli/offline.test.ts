import { describe, expect, it } from 'vitest';
import { validateFile } from './offline.ts';

const file = `apiVersion: syncline/v1
kind: Connector
name: hr
connections:
  - name: files
    package: csv
    settings: { directory: hr }
entityTypes:
  - name: HR_Person
    source: { connection: files, table: people.csv }
    key: [id]
    properties:
      id: { column: id }
      label: { expression: "row.name" }
    navigationProperties:
      account: { to: AD_Account, column: login, by: login }
`;

describe('a connector file without a running Syncline', () => {
  it('is valid, and says what only a running one knows', () => {
    expect(validateFile(file)).toEqual({ faults: [], unchecked: ['AD_Account'] });
  });

  it.each([
    ['a field that there is not', file.replace('kind: Connector', 'kind: Connector\ncolour: red'), 3, '/colour'],
    [
      'an expression that does not compile',
      file.replace('row.name', 'row.name +'),
      14,
      '/entityTypes/0/properties/label',
    ],
    ['a key that is no property', file.replace('key: [id]', 'key: [no]'), 11, '/entityTypes/0/key'],
    ['a package that there is not', file.replace('package: csv', 'package: tape'), 6, '/connections/0/package'],
  ])('is refused for %s, with the line', (_what, text, line, pointer) => {
    const [fault] = validateFile(text).faults;
    expect(fault?.pointer.startsWith(pointer)).toBe(true);
    expect(fault?.line).toBe(line);
  });

  it('is refused where it is no YAML', () => {
    expect(validateFile('a: [').faults).toMatchObject([{ line: null }]);
  });
});
