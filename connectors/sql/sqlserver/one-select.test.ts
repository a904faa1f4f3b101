import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../domain/errors.ts';
import { refuseSeveralStatements } from './one-select.ts';

describe('a query of SQL Server', () => {
  it.each([
    'select 1 as a',
    `select ')' as a, [)]]] as b, ");" as c from t -- )`,
    `select count(*) as n from (select 1 as x) y /* ) ; */ where 'it''s' = ''`,
  ])('takes %s', (query) => {
    refuseSeveralStatements(query);
  });

  it.each([
    'select 1) q drop table t select * from (select 1',
    'select 1; drop table t',
    `select 'a) q drop table t --`,
    'select 1 /* ',
    'select [a',
    'select 1 /* /* */ ) q drop table t select * from (select 1 -- */',
    'select (1',
  ])('refuses %s', (query) => {
    expect(() => {
      refuseSeveralStatements(query);
    }).toThrow(SyncError);
  });
});
