import { expect, it } from 'vitest';
import { ordered } from './file-order.ts';

it('puts the keys of a file in the order in which people write them, and leaves out what is empty', () => {
  const file = {
    entityTypes: [{ properties: { mail: { column: 'mail' } }, key: ['id'], name: 'A' }],
    secrets: {},
    name: 'hr',
    kind: 'Connector',
  };
  expect(JSON.stringify(ordered(file))).toBe(
    '{"kind":"Connector","name":"hr","entityTypes":[{"name":"A","key":["id"],"properties":{"mail":{"column":"mail"}}}]}',
  );
});
